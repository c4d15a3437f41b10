// On a phone the style sheet writes words on the buttons that open and close the sidebar. A name
// that is spoken must be the one that is seen, so it is taken from there. And where a file may be
// dropped is a group with a name; the framework calls it "presentation", which takes the name away.
if (!window.passerbyNames) {
  const buttons =
    '[data-testid="stExpandSidebarButton"], [data-testid="stSidebarCollapseButton"] button';
  let waits = false;
  const name = () => {
    waits = false;
    for (const zone of document.querySelectorAll(zones)) zone.setAttribute("role", "group");
    for (const button of document.querySelectorAll(buttons)) {
      const shown = getComputedStyle(button, "::after").content.replace(/^"|"$/g, "");
      const own = button.dataset.own ?? (button.dataset.own = button.getAttribute("aria-label"));
      const wanted = shown && shown !== "none" && shown !== "normal" ? shown : own;
      if (button.getAttribute("aria-label") !== wanted) button.setAttribute("aria-label", wanted);
    }
  };
  const zones = '[data-testid="stFileUploaderDropzone"][role="presentation"]';
  const soon = () => {
    if (!waits) requestAnimationFrame(name);
    waits = true;
  };
  window.passerbyNames = new MutationObserver(soon);
  window.passerbyNames.observe(document.body, { childList: true, subtree: true });
  window.addEventListener("resize", soon);
  soon();
}
