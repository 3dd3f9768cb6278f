// One key presses a button that names it: <button data-key="1">. Never while somebody writes, and
// never with a modifier held, so that the browser's and a screen reader's own keys stay theirs.
"use strict";
document.addEventListener("keydown", (event) => {
  const at = event.target;
  const writes = at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
  if (writes || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const key = event.key.toLowerCase();
  const wanted = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
  if (wanted && !wanted.disabled) {
    event.preventDefault();
    wanted.click();
  }
});
// A wallboard asks again by itself, as long as somebody can see it: <body data-refresh="30">.
const refresh = Number(document.body.dataset.refresh);
if (refresh) setInterval(() => document.hidden || location.reload(), refresh * 1000);
// A button that cannot be taken back asks first: <button data-ask="Really?">.
document.addEventListener("click", (event) => {
  const asking = event.target.closest("[data-ask]");
  if (asking && !window.confirm(asking.dataset.ask)) event.preventDefault();
});
