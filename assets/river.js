// Lets a page that a phone or a cache has kept grow old: ages are counted on, and what is no longer current loses its
// status, level and trend, and an official alert its words when it expires. Without this script the absolute times are there.
(() => {
  const doc = document, texts = TEXTS[doc.documentElement.lang];
  const all = (selector) => doc.querySelectorAll(selector);
  const age = (minutes) =>
    minutes < 1 ? texts.now
    : minutes < 60 ? texts.minutes.replace("{n}", minutes)
    : minutes < 2880 ? texts.hours.replace("{n}", Math.floor(minutes / 60))
    : texts.days.replace("{n}", Math.floor(minutes / 1440));
  const forget = (part) => {
    part.removeAttribute("data-until");
    part.querySelectorAll(".v,p,small,i b").forEach((said) => said.remove());
    part.querySelectorAll(".y").forEach((word) => (word.textContent = texts.unknown + ": "));
    part.querySelectorAll(".w").forEach((tag) => {
      tag.className = "w cu";
      tag.textContent = texts.unknown;
    });
    part.querySelectorAll(".g").forEach((glyph) => {
      glyph.setAttribute("class", "g cu");
      glyph.firstElementChild.setAttribute("href", "#gu");
    });
    all(".f,.u,.h,.rn,.rn+text").forEach((count) => count.remove());
    const note = doc.createElement(part.matches(".c") ? "p" : "small");
    note.textContent = texts.old;
    (part.querySelector("span:not([class])") || part).append(note);
    if (part.matches(".c")) part.className = "c cu";
  };
  const tick = () => {
    const now = Date.now();
    all("time+span").forEach((span) => {
      const seen = Date.parse(span.previousElementSibling.dateTime);
      span.textContent = age(Math.floor((now - seen) / 60000));
    });
    all("[data-until]").forEach((part) => {
      if (now > Date.parse(part.dataset.until)) forget(part);
    });
    all("[data-expires]").forEach((part) => {
      if (now < Date.parse(part.dataset.expires)) return;
      part.removeAttribute("data-expires");
      if (part.matches("em")) part.remove();
      else part.textContent = texts.expired;
    });
  };
  tick();
  setInterval(tick, 30000);
  doc.addEventListener("visibilitychange", tick);
  addEventListener("pageshow", tick);

  // One's own stations, marks and position: kept or used on this phone and never sent. What is added has the class x.
  const kept = (key, none) => {
    try {
      return JSON.parse(localStorage[key]);
    } catch {
      return none;
    }
  };
  const keep = (key, value) => {
    try {
      localStorage[key] = JSON.stringify(value);
    } catch {}
  };
  const make = (name, words, style) => {
    const made = doc.createElement(name);
    made.className = "x";
    made.textContent = words;
    made.style.cssText = style;
    return made;
  };
  const home = `/${doc.documentElement.lang.slice(0, 2)}/`;
  const [, id, rest] = /^\/\w+\/station\/([^/]+)(\/\w+)?$/.exec(location.pathname) || [];
  const marks = kept("marks", {});
  let own = kept("own", []);
  const path = (id) => home + "station/" + id + (marks[id] ? "?mark=" + marks[id][0] : "");

  const worker = navigator.serviceWorker;
  const tell = () =>
    worker.ready.then(({ active }) =>
      active.postMessage({ page: location.pathname + location.search, stations: own.map(path) }));
  const offline = worker && doc.querySelector("[rel=manifest]");

  const star = (id, name, changed) => {
    const button = make("button", "", "font:inherit;font-size:1.5rem;line-height:1;min-width:44px;min-height:44px;padding:0;margin-right:-10px;background:none;border:0;color:inherit");
    const show = () => {
      button.textContent = own.includes(id) ? "★" : "☆";
      button.setAttribute("aria-pressed", own.includes(id));
    };
    button.setAttribute("aria-label", texts.add.replace("{name}", name));
    button.onclick = () => {
      own = kept("own", []);
      own = own.includes(id) ? own.filter((other) => other !== id) : [...own, id];
      keep("own", own);
      show();
      changed();
      if (offline) tell();
    };
    show();
    return button;
  };

  const form = doc.querySelector("form");
  const list = doc.querySelector(".l");
  if (list) {
    const rows = [...list.children].map((row) => {
      const link = row.querySelector("a");
      row.style.cssText = "display:flex;border-bottom:1px solid var(--hair)";
      link.style.cssText = "flex:1;min-width:0;border:0";
      return { row, link, id: link.pathname.split("/").pop(), at: row.dataset.at.split(","), far: 0 };
    });
    const near = make("button", texts.near, "min-height:44px");
    const share = make("a", texts.list, "padding:10px 0");
    const bar = make("div", "", "display:flex;flex-wrap:wrap;gap:0 16px");
    const order = () => {
      const first = (it) => !it.far && own.includes(it.id);
      list.append(...rows.sort((a, b) => a.far - b.far || first(b) - first(a)).map((it) => it.row));
      share.href = home + "?s=" + own;
      share.hidden = !own.length;
    };
    rows.forEach((it) => it.row.append(star(it.id, it.row.querySelector("b").textContent, order)));
    near.onclick = () =>
      navigator.geolocation.getCurrentPosition(
        ({ coords: { latitude, longitude } }) => {
          rows.forEach((it) => {
            const north = it.at[0] - latitude, east = (it.at[1] - longitude) * Math.cos((latitude * Math.PI) / 180);
            it.far = Math.hypot(north, east) * 111.2;
            it.row.querySelectorAll(".x:not(button)").forEach((old) => old.remove());
            it.link.querySelector("b").append(make("small", " " + texts.far.replace("{n}", Math.round(it.far)), "display:inline;font-weight:400"));
          });
          order();
        },
        () => near.replaceWith(make("p", texts.lost)),
      );
    bar.append(...(navigator.geolocation ? [near] : []), share);
    form.after(bar);
    order();
  } else if (form) {
    const [height, name] = marks[id] || [];
    const input = form.querySelector("input"), field = make("input", "", "");
    field.placeholder = texts.name;
    field.setAttribute("aria-label", texts.name);
    field.value = name || "";
    input.value = input.value || height || "";
    form.previousElementSibling.before(field);
    form.addEventListener("submit", () => {
      // The height is kept once the site has found that it can be one.
      keep("draft", [id, field.value]);
    });
    if (height) {
      const gone = make("button", texts.forget, "min-height:44px");
      gone.onclick = () => {
        delete marks[id];
        keep("marks", marks);
        location = path(id);
      };
      form.after(gone);
    }
  } else if (id && !rest) {
    const title = doc.querySelector("h1"), mark = doc.querySelector("[data-mark]");
    const button = star(id, title.textContent, () => {});
    button.style.float = "right";
    title.before(button);
    if (mark) {
      const [drafted, name] = kept("draft", []);
      if (drafted === id) {
        marks[id] = [mark.dataset.mark, name];
        keep("marks", marks);
        keep("draft", []);
      }
      const [height, known] = marks[id] || [];
      if (known && height === mark.dataset.mark) mark.prepend(make("b", known + ": "));
    } else if (marks[id]) {
      const link = make("a", texts.mark, "");
      link.href = path(id);
      title.after(link);
    }
  }
  for (const id in marks) all(`a[href$="/station/${id}"]`).forEach((link) => (link.search = "mark=" + marks[id][0]));
  if (offline) {
    worker.register("/sw.js");
    tell();
  }
})();
