// Small comforts; every page works without them: no second sending, filtering of long choices, copying an address.
(function () {
  "use strict";
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") return;
    if (form.getAttribute("data-sent")) { event.preventDefault(); return; }
    form.setAttribute("data-sent", "1");
    var button = event.submitter;
    if (button) button.classList.add("busy");
    setTimeout(function () { form.removeAttribute("data-sent"); if (button) button.classList.remove("busy"); }, 8000);
  });
  window.addEventListener("pageshow", function () {
    var sent = document.querySelectorAll("form[data-sent]");
    for (var i = 0; i < sent.length; i++) sent[i].removeAttribute("data-sent");
    var busy = document.querySelectorAll(".btn.busy");
    for (var j = 0; j < busy.length; j++) busy[j].classList.remove("busy");
  });
  // <input data-filter="#list">: hides the children with data-words that do not contain what is typed.
  document.addEventListener("input", function (event) {
    var box = event.target, selector = box.getAttribute && box.getAttribute("data-filter");
    if (!selector) return;
    var words = box.value.trim().toLowerCase(), list = document.querySelector(selector), shown = 0;
    if (!list) return;
    list.querySelectorAll("[data-words]").forEach(function (item) {
      item.hidden = words !== "" && item.getAttribute("data-words").toLowerCase().indexOf(words) < 0;
      if (!item.hidden) shown += 1;
    });
    list.querySelectorAll("[data-group]").forEach(function (group) {
      group.hidden = !group.querySelector("[data-words]:not([hidden])");
    });
    var more = list.querySelector("[data-more]");
    if (more && words) more.open = true;
    var none = document.querySelector(selector + "-none");
    if (none) none.hidden = shown > 0;
  });
  // <button data-copy="text" data-done="已复制">
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-copy]");
    if (!button) return;
    var text = button.getAttribute("data-copy");
    var done = function () { button.textContent = button.getAttribute("data-done"); };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, function () { window.prompt("", text); });
    else window.prompt("", text);
  });
  // The bottom bar repeats what was chosen: <form data-echo="#where"> with inputs carrying data-echo-text.
  function echo(form) {
    var target = document.querySelector(form.getAttribute("data-echo"));
    var chosen = form.querySelector("input[data-echo-text]:checked");
    if (target && chosen) target.textContent = chosen.getAttribute("data-echo-text");
  }
  document.querySelectorAll("form[data-echo]").forEach(function (form) {
    form.addEventListener("change", function () { echo(form); });
    echo(form);
  });
  // A bar that is wider than the phone begins where one is.
  document.querySelectorAll("nav [aria-current]").forEach(function (here) {
    var bar = here.closest("nav");
    if (bar.scrollWidth > bar.clientWidth) bar.scrollLeft = here.offsetLeft - bar.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2;
  });
  // The list of mistakes names the field of each.
  document.querySelectorAll(".summary a[href^='#f-']").forEach(function (link) {
    var label = document.querySelector("label[for='" + CSS.escape(link.getAttribute("href").slice(1)) + "']");
    var name = label && label.firstChild && label.firstChild.nodeType === 3 ? label.firstChild.data.trim() : "";
    if (name && link.textContent.indexOf(name) < 0) link.textContent = name + (document.documentElement.lang === "en" ? ": " : "：") + link.textContent;
  });
  document.querySelectorAll("[data-js]").forEach(function (item) { item.hidden = false; });
  if (/MicroMessenger/i.test(navigator.userAgent)) {
    document.querySelectorAll("[data-wechat]").forEach(function (item) { item.hidden = false; });
    document.querySelectorAll("[data-not-wechat]").forEach(function (item) { item.hidden = true; });
  }
  var current = document.querySelector(".days [aria-current]");
  if (current && current.scrollIntoView) current.parentNode.scrollLeft = current.offsetLeft - 120;
  document.querySelectorAll("[data-print]").forEach(function (item) { item.addEventListener("click", function () { window.print(); }); });
})();
