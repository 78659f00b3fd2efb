// Lets a page that a phone or a cache has kept grow old: ages are counted on, and what is no longer current loses its
// status, level and trend, and an official alert its words when it expires. Without this script the absolute times are there.
// What a kind of page needs beside that stands in a file of its own (`list.js`, `station.js`), which follows this one within
// the same block.
const doc = document, texts = TEXTS[doc.documentElement.lang];
const all = (selector) => doc.querySelectorAll(selector);
const age = (n) =>
  (n < 1 ? texts.now : n < 60 ? texts.minutes : n < 2880 ? texts.hours : texts.days)
    .replace("{n}", Math.floor(n < 60 ? n : n < 2880 ? n / 60 : n / 1440));
const forget = (part) => {
  delete part.dataset.until;
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
    span.textContent = age((now - Date.parse(span.previousElementSibling.dateTime)) / 6e4);
  });
  all("[data-until]").forEach((part) => {
    if (now > Date.parse(part.dataset.until)) forget(part);
  });
  all("[data-expires]").forEach((part) => {
    if (now < Date.parse(part.dataset.expires)) return;
    delete part.dataset.expires;
    if (part.matches("em")) part.remove();
    // A page speaks of days as seen from its own: from midnight on it says first when that was.
    else if (part.matches("p")) all("main")[0].prepend(part);
    else part.textContent = texts.expired;
  });
};
tick();
setInterval(tick, 3e4);
doc.onvisibilitychange = tick;
onpageshow = tick;

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
const offline = worker && all("[rel=manifest]")[0];

const star = (id, name, changed) => {
  const button = make("button", "", "font:inherit;font-size:1.5rem;min-width:44px;min-height:44px;padding:0;margin-right:-10px;background:none;border:0;color:inherit");
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

for (const id in marks) all(`a[href$="/station/${id}"]`).forEach((link) => (link.search = "mark=" + marks[id][0]));
if (offline) {
  worker.register("/sw.js");
  tell();
}
