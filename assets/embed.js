// Makes a frame as high as its content: outside it and, with ?fit, in it.
(() => {
  const doc = document, home = new URL(doc.currentScript.src).origin;
  if (parent !== window && location.origin === home && /^\/embed\//.test(location.pathname)) {
    const tell = () => parent.postMessage({ riverwatch: 1, height: Math.ceil(doc.documentElement.getBoundingClientRect().height) }, "*");
    tell(); // Out of sight, nothing is observed.
    new ResizeObserver(tell).observe(doc.body);
    addEventListener("message", (e) => e.source === parent && tell());
    return;
  }
  const frames = () => doc.querySelectorAll(`iframe[src^="${home}/embed/"]`);
  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== home || data?.riverwatch !== 1 || !(data.height > 0 && data.height < 9999)) return;
    for (const it of frames()) if (it.contentWindow === source) it.style.height = data.height + "px";
  });
  for (const it of frames()) it.contentWindow.postMessage(1, "*");
})();
