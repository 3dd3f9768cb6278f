// What can be taken back for some seconds goes when they are over; without this it says so when it
// is pressed. What is to be carried over to another window is copied by a button of its own.
"use strict";
for (const fading of document.querySelectorAll("[data-gone-after]")) {
  window.setTimeout(() => { fading.hidden = true; }, 1000 * Number(fading.dataset.goneAfter));
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  source.select();
  navigator.clipboard.writeText(source.value).then(() => { button.dataset.copied = "yes"; });
});
