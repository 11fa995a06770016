// Runs before anything is painted, so that nothing flashes: what the reader chose on an earlier page.
(() => {
  const root = document.documentElement;
  root.classList.replace("no-js", "js");
  const kept = (name) => {
    try {
      return localStorage.getItem("gongshi." + name);
    } catch {
      return null;
    }
  };
  if (kept("elder") === "true") root.dataset.gsElder = "";
  const dark = kept("dark");
  if (dark !== null) root.dataset.gsScheme = dark === "true" ? "dark" : "light";
  const size = kept("size");
  if (size === "1.25" || size === "1.5") root.dataset.gsSize = size;
})();
