// Sends the form of notes without leaving the page, so that a token is typed once: it stays in this page's memory alone.
// Without this script, and where sending fails, the form goes the ordinary way.
document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target, token = form.elements.token.value;
  try {
    const reply = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    document.querySelector("main").replaceWith(page.querySelector("main"));
  } catch {
    return form.submit();
  }
  const field = document.querySelector("[name=token]"), said = document.querySelector(".said");
  if (field) field.value = token;
  if (said) {
    said.tabIndex = -1;
    said.focus();
  }
});
