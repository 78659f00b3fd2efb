// The list: one's own stations first, and those that are near. The page on which a mark is written: its name, which stays here.
const [form] = all("form");
const [list] = all(".l");
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
}
