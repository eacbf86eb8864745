// What the keyboard does on every page; the site works without it.
"use strict";

const TYPING = "input, select, textarea, [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
  const search = document.querySelector('input[type="search"][name="q"]');
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});
