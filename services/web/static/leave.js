// Signing out: the desk's pages leave this machine; what was kept and not sent stays, and is said.
"use strict";
(() => {
  const notice = document.querySelector("[data-kept-notice]");
  if (!notice) return;
  if (window.xiuhaoKept) window.xiuhaoKept.all().then((acts) => {
    const count = acts.filter((one) => one.state === "waiting").length;
    notice.textContent = notice.dataset.text.replace("{n}", count);
    notice.hidden = !count;
  }, () => {});
  document.querySelector("main form").addEventListener("submit", () => {
    if (window.caches) caches.delete("xiuhao-desk-1");
  });
})();
