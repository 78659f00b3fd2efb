// A station: among one's own or not, and the mark on it.
if (id && !rest) {
  const [title] = all("h1"), [mark] = all("[data-mark]");
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

// The numbers of the table, one by one on the chart: by keys, or where a finger or a pointer is. The keys belong to a slider
// of the browser's own that lies unseen over the chart, since an element that only has the role of one cannot be moved by
// those who swipe with a screen reader. It speaks the words of the table; what stands above the chart is for the eyes alone,
// or everything would be heard twice.
const [chart] = all("[data-minute]"), points = [];
let midnight = 0, known, now = 0;
all("[data-at] tbody").forEach((group) => {
  const [title, ...rows] = [...group.rows].map((row) => row.cells), [, day, kind] = /(.+), (.+)/.exec(title[0].textContent);
  const table = group.parentNode, [, unit] = /\((.+)\)/.exec(table.rows[0].textContent);
  // Of one day there may be what was measured and what is forecast; days without a value, and those of other lengths, are told.
  midnight += +(group.dataset.after ?? (known ? day !== known && 1440 : table.dataset.at));
  known = day;
  rows.forEach(([clock, level]) => {
    const [hours, minutes = 0] = clock.textContent.match(/\d+/g);
    const x = (midnight + hours * 60 + +minutes) * chart.dataset.minute;
    const line = chart.querySelector(group.className ? ".rp" : ".ro");
    if (x < 0 || !line) return;
    if (!group.className) now = points.length;
    points.push({ x, line, words: `${day} ${clock.textContent}, ${level.textContent}\u00a0${unit}, ${kind}` });
  });
});
if (points[0]) {
  const slider = make("input", "", "position:absolute;inset:0;width:100%;opacity:0;pointer-events:none");
  const said = make("b", "", "position:absolute;top:0;width:100%;text-align:center;line-height:1.2;background:var(--paper)");
  const { style } = chart.parentNode, { y: top, height } = chart.querySelector(".rd").getBBox();
  slider.type = "range";
  slider.max = points.length - 1;
  slider.value = now;
  slider.setAttribute("aria-labelledby", "c-t");
  said.ariaHidden = true;
  style.position = "relative";
  chart.style.touchAction = "pan-y pinch-zoom";
  chart.after(slider, said);
  const marker = chart.appendChild(points[0].line.cloneNode());
  marker.setAttribute("class", "rr");
  slider.onfocus = slider.oninput = () => {
    const { x, line, words } = points[slider.value];
    // The line is drawn from left to right: where it stands at x is found by halving.
    let at = 0;
    for (let step = line.getTotalLength(); step > 1; step /= 2) if (line.getPointAtLength(at + step).x < x) at += step;
    marker.setAttribute("d", `M${x} ${top}v${height}M${x} ${line.getPointAtLength(at).y}m-35 0a35 35 0 0 0 70 0a35 35 0 0 0-70 0`);
    said.textContent = words;
    slider.setAttribute("aria-valuetext", words);
    style.outline = slider.matches(":focus-visible") ? "3px solid var(--water)" : "";
  };
  slider.onblur = () => marker.setAttribute("d", (style.outline = said.textContent = ""));
  slider.onblur();
  slider.onkeydown = ({ key }) => {
    if (key === "Escape") slider.blur();
  };
  // A click, or a finger or button that moves while it is down.
  chart.onclick = chart.onpointermove = ({ clientX, detail, buttons }) => {
    if (!detail && !buttons) return;
    const { a, e } = chart.getScreenCTM(), far = ({ x }) => Math.abs(a * x + e - clientX);
    slider.value = points.indexOf([...points].sort((one, other) => far(one) - far(other))[0]);
    slider.focus({ preventScroll: true });
    slider.oninput();
  };
}
