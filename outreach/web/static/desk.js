// What can be taken back for some seconds goes when they are over; without this it says so when it
// is pressed. What is to be carried over to another window is copied by a button of its own, or by
// the one that says so to the server too; where that refuses, the next page says not to paste it.
"use strict";
for (const fading of document.querySelectorAll("[data-gone-after]")) {
  window.setTimeout(() => { fading.hidden = true; }, 1000 * Number(fading.dataset.goneAfter));
}
const copied = (id) => {
  const source = document.getElementById(id);
  if (navigator.clipboard) return navigator.clipboard.writeText(source.value);
  source.select();
  document.execCommand("copy");
  source.blur(); // or the next key would be one that is written
  return Promise.resolve();
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copied(button.dataset.copy).then(() => { button.dataset.copied = "yes"; });
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-copies]");
  if (!form) return;
  event.preventDefault();
  copied(form.dataset.copies).finally(() => form.submit());
});
