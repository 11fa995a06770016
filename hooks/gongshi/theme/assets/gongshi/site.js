// Display switches, text size, reading aloud, copying the address, and the dialog before links to other sites.
// The site works without this script.
(() => {
  const root = document.documentElement;
  const store = (name, value) => {
    try {
      localStorage.setItem("gongshi." + name, value);
    } catch {
      // Without storage the choice holds for this page only.
    }
  };
  const all = (selector) => document.querySelectorAll(selector);
  const setPressed = (button, on) => button.setAttribute("aria-pressed", String(on));

  const isDark = () =>
    root.dataset.gsScheme ? root.dataset.gsScheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const states = { elder: () => "gsElder" in root.dataset, dark: isDark };
  const changes = {
    elder: (on) => (on ? (root.dataset.gsElder = "") : delete root.dataset.gsElder),
    dark: (on) => (root.dataset.gsScheme = on ? "dark" : "light"),
  };
  all("[data-gs-switch]").forEach((button) => {
    const name = button.dataset.gsSwitch;
    setPressed(button, states[name]());
    button.addEventListener("click", () => {
      const on = !states[name]();
      changes[name](on);
      setPressed(button, on);
      store(name, String(on));
    });
  });

  const sizes = all("button[data-gs-size]");
  const showSize = () =>
    sizes.forEach((button) => setPressed(button, button.dataset.gsSize === (root.dataset.gsSize || "1")));
  showSize();
  sizes.forEach((button) =>
    button.addEventListener("click", () => {
      if (button.dataset.gsSize === "1") delete root.dataset.gsSize;
      else root.dataset.gsSize = button.dataset.gsSize;
      store("size", button.dataset.gsSize);
      showSize();
    }),
  );

  const speech = window.speechSynthesis;
  const readAloud = (button) => {
    if (speech.speaking) return speech.cancel();
    const text = new SpeechSynthesisUtterance(
      [...all("#gs-content h1, #gs-content .gs-text")].map((part) => part.innerText).join("\n"),
    );
    text.lang = document.querySelector("#gs-content .gs-text")?.lang || root.lang;
    text.onend = text.onerror = () => setPressed(button, false);
    setPressed(button, true);
    speech.speak(text);
  };
  const copyAddress = async (button) => {
    await navigator.clipboard.writeText(location.href);
    const label = button.textContent;
    button.textContent = button.dataset.gsDone;
    setTimeout(() => (button.textContent = label), 2000);
  };
  const actions = { print: () => window.print(), read: readAloud, copy: copyAddress };
  all("[data-gs-do]").forEach((button) => {
    const name = button.dataset.gsDo;
    button.hidden = (name === "read" && !speech) || (name === "copy" && !navigator.clipboard);
    button.addEventListener("click", () => actions[name](button));
  });
  if (speech) addEventListener("pagehide", () => speech.cancel());

  // Older browsers print nothing of what is closed; newer ones know `::details-content`.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...all("details:not([open])")];
    closed.forEach((box) => (box.open = true));
  });
  addEventListener("afterprint", () => closed.forEach((box) => (box.open = false)));

  const columns = document.querySelector(".gs-nav ul");
  const here = columns && columns.querySelector("[aria-current]");
  if (here) columns.scrollLeft = here.offsetLeft + here.offsetWidth - columns.offsetLeft - columns.clientWidth;

  const dialog = document.getElementById("gs-away");
  if (!dialog || !dialog.showModal) return;
  let target = "";
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a.gs-away");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    target = link.href;
    dialog.querySelector(".gs-dialog__address").textContent = target;
    dialog.returnValue = "";
    dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "go") location.assign(target);
  });
})();
