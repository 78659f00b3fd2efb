// Keeps a board current: hears from the server that something is new, asks for the rows, and puts them in place. Where it
// hears nothing it asks by the clock, and where nobody answers it says since when. Ages and hours left are counted on by the
// server's time; a row whose measurement is no longer current loses its status.
(() => {
  const doc = document, board = doc.getElementById("b"), said = doc.getElementById("s"), worse = doc.getElementById("w");
  const lang = doc.documentElement.lang, texts = TEXTS[lang], { rows: address, zone, live } = board.dataset;
  const fill = (text, n) => text.replace("{n}", n);
  let told, heard, got, asked = 0, since, busy, again, lost, sound, flashing;

  // The server's time: of a site of the present no earlier than this machine's, so that a page that was kept is old.
  const time = () => Math.max(told + Date.now() - since, live === undefined ? -Infinity : Date.now());
  const take = () => ([told, since] = [Date.parse(board.querySelector("table").dataset.now), Date.now()]);
  const clock = (at) => new Date(at).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
  const all = (what, each) => board.querySelectorAll(what).forEach(each);

  const age = (minutes) =>
    minutes < 1 ? texts.now
    : minutes < 60 ? fill(texts.minutes, minutes)
    : minutes < 2880 ? fill(texts.hours, Math.floor(minutes / 60))
    : fill(texts.days, Math.floor(minutes / 1440));
  const forget = (row) => {
    row.removeAttribute("data-until");
    row.dataset.rank = 0;
    row.querySelectorAll(".n").forEach((cell) => cell.replaceChildren());
    const tag = row.querySelector(".v");
    tag.className = "v cu";
    tag.lastChild.textContent = texts.unknown;
    tag.firstChild.setAttribute("class", "g cu");
    tag.firstChild.firstChild.setAttribute("href", "#gu");
  };
  const tick = () => {
    const now = time();
    all("[data-age]", (it) => (it.textContent = age(Math.floor((now - Date.parse(it.dataset.age)) / 60000))));
    all("[data-left]", (it) => {
      const hours = Math.floor((Date.parse(it.dataset.left) - now) / 3600000);
      it.textContent = hours < 1 ? texts.soon : fill(texts.left, hours);
    });
    all("[data-until]", (row) => now > Date.parse(row.dataset.until) && forget(row));
    const mute = Date.now() - heard > 40000;
    if ((mute || isOld()) && !lost) say(texts.lost.replace("{when}", clock(now - Date.now() + (mute ? heard : got))), true);
    if (Date.now() - asked > (mute || source.readyState !== 1 ? 30000 : 60000)) ask();
  };
  const say = (text, gone) => {
    lost = gone;
    doc.body.classList.toggle("lost", gone);
    said.textContent = text;
  };
  // A server that is there but gives no rows is of no use.
  const isOld = () => Date.now() - got > 150000;
  const alive = () => {
    heard = Date.now();
    if (lost !== false && !isOld()) say(texts.live, false);
  };

  // Asks for the rows; while an answer is on its way, for one more time at most.
  const ask = async () => {
    if (busy) return (again = true);
    [busy, asked] = [true, Date.now()];
    try {
      const reply = await fetch(address, { cache: "no-cache", signal: AbortSignal.timeout(20000) });
      if (reply.ok) show(await reply.text());
    } catch {
      // Silence is what tells that the connection is lost.
    }
    busy = false;
    if (again) setTimeout(ask, 2000);
    again = false;
  };
  const show = (text) => {
    const before = new Map([...board.querySelectorAll("[data-id]")].map((row) => [row.dataset.id, row.dataset]));
    const at = doc.activeElement.closest?.("[data-id]")?.dataset.id;
    board.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
    take();
    got = since;
    alive();
    if (at) board.querySelector(`[data-id="${at}"] a`)?.focus({ preventScroll: true });
    const risen = [...board.querySelectorAll("[data-id]")].filter(({ dataset: { id, rank, ahead } }) => {
      const { rank: was = 0, ahead: expected = 0 } = before.get(id) ?? {};
      return rank > was || ahead > expected;
    });
    if (risen.length) {
      const names = risen.map((row) => `${row.querySelector("a").textContent} (${row.querySelector(".v").textContent})`);
      risen.forEach((row) => row.classList.add("new"));
      worse.textContent = texts.worse.replace("{when}", clock(told)).replace("{names}", names.join(", "));
      if (pressed("n")) beep();
      if (pressed("f")) flash();
    }
    tick();
  };

  // Sound and the blinking title: only for those who ask.
  const pressed = (id) => doc.getElementById(id).ariaPressed === "true";
  const beep = () => {
    const tone = sound.createOscillator(), volume = sound.createGain();
    tone.connect(volume).connect(sound.destination);
    volume.gain.value = 0.2;
    tone.start();
    tone.stop(sound.currentTime + 0.6);
  };
  const flash = () => {
    const title = doc.title.replace(/^\u25b2 /, "");
    clearInterval(flashing);
    flashing = setInterval(() => (doc.title = doc.title === title ? "\u25b2 " + title : title), 1000);
    const calm = () => (clearInterval(flashing), (doc.title = title));
    for (const event of ["pointerdown", "keydown"]) doc.addEventListener(event, calm, { once: true });
  };
  for (const id of ["n", "f"]) {
    const button = doc.getElementById(id);
    button.hidden = false;
    button.addEventListener("click", () => {
      button.ariaPressed = String(button.ariaPressed !== "true");
      if (id === "n" && pressed("n")) (sound ??= new AudioContext()), beep();
    });
  }

  board.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], links = [...board.querySelectorAll("th a")];
    const next = links[links.indexOf(event.target) + step];
    if (step && links.includes(event.target) && next) {
      event.preventDefault();
      next.focus();
    }
  });

  let source;
  const listen = () => {
    source = new EventSource("/board/events");
    source.onopen = () => Date.now() - asked > 1000 && ask();
    source.addEventListener("alive", alive);
    source.addEventListener("changed", () => (alive(), ask()));
    // Refused for good, as where too many listen: tried again later, and meanwhile asked by the clock.
    source.onerror = () => source.readyState === 2 && setTimeout(listen, 30000);
  };
  take();
  heard = got = since;
  listen();
  ask();
  setInterval(tick, 5000);
  doc.addEventListener("visibilitychange", tick);
  addEventListener("pageshow", tick);
})();
