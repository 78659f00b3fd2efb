// Lets a page that a phone or a cache has kept grow old: ages are counted on, and what is no longer current loses its
// status, level and trend, and an official alert its words when it expires. Without this script the absolute times are there.
(() => {
  const doc = document, texts = TEXTS[doc.documentElement.lang];
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
    doc.querySelectorAll(".f,.u,.h,.rn,.rn+text").forEach((count) => count.remove());
    const note = doc.createElement(part.matches(".c") ? "p" : "small");
    note.textContent = texts.old;
    (part.querySelector("span:not([class])") || part).append(note);
    if (part.matches(".c")) part.className = "c cu";
  };
  const tick = () => {
    const now = Date.now();
    doc.querySelectorAll("time+span").forEach((span) => {
      const seen = Date.parse(span.previousElementSibling.dateTime);
      span.textContent = age(Math.floor((now - seen) / 60000));
    });
    doc.querySelectorAll("[data-until]").forEach((part) => {
      if (now > Date.parse(part.dataset.until)) forget(part);
    });
    doc.querySelectorAll("[data-expires]").forEach((part) => {
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
})();
