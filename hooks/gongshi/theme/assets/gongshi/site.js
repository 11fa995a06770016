// Switches and comforts. Without this script everything else on the site works.
(() => {
  const root = document.documentElement;
  const keep = (name, value) => {
    try {
      localStorage.setItem("gongshi." + name, value);
    } catch {
      // Where nothing may be kept, the choice holds for this page.
    }
  };
  const all = (selector) => document.querySelectorAll(selector);
  const press = (button, on) => button.setAttribute("aria-pressed", String(on));

  const isDark = () =>
    root.dataset.gsScheme ? root.dataset.gsScheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const states = { elder: () => "gsElder" in root.dataset, dark: isDark };
  const changes = {
    elder: (on) => (on ? (root.dataset.gsElder = "") : delete root.dataset.gsElder),
    dark: (on) => (root.dataset.gsScheme = on ? "dark" : "light"),
  };
  all("[data-gs-switch]").forEach((button) => {
    const name = button.dataset.gsSwitch;
    press(button, states[name]());
    button.addEventListener("click", () => {
      const on = !states[name]();
      changes[name](on);
      press(button, on);
      keep(name, String(on));
    });
  });

  const sizes = all("button[data-gs-size]");
  const mark = () => sizes.forEach((each) => press(each, each.dataset.gsSize === (root.dataset.gsSize || "1")));
  mark();
  sizes.forEach((button) =>
    button.addEventListener("click", () => {
      if (button.dataset.gsSize === "1") delete root.dataset.gsSize;
      else root.dataset.gsSize = button.dataset.gsSize;
      keep("size", button.dataset.gsSize);
      mark();
    }),
  );

  const voice = window.speechSynthesis;
  const read = (button) => {
    if (voice.speaking) return voice.cancel();
    const text = new SpeechSynthesisUtterance(
      [...all("#gs-content h1, #gs-content .gs-text")].map((part) => part.innerText).join("\n"),
    );
    text.lang = root.lang;
    text.onend = text.onerror = () => press(button, false);
    press(button, true);
    voice.speak(text);
  };
  const copy = async (button) => {
    await navigator.clipboard.writeText(location.href);
    const before = button.textContent;
    button.textContent = button.dataset.gsDone;
    setTimeout(() => (button.textContent = before), 2000);
  };
  const deeds = { print: () => window.print(), read, copy };
  all("[data-gs-do]").forEach((button) => {
    const name = button.dataset.gsDo;
    button.hidden = (name === "read" && !voice) || (name === "copy" && !navigator.clipboard);
    button.addEventListener("click", () => deeds[name](button));
  });
  if (voice) addEventListener("pagehide", () => voice.cancel());

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
