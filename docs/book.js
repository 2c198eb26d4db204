// What the book needs beside mdBook: links to files of the repository, and the groups of rules in the sidebar.

// A link to a file of the repository becomes text, or leads to the sources if book.toml names their address.
(() => {
  const book = new URL(path_to_root || "./", document.baseURI);
  const repository = document.querySelector('a[title="Git repository"]')?.href.replace(/\/$/, "");
  // The page's own address below the book, as in docs/: one folder of the repository.
  const here = new URL(document.baseURI.slice(book.href.length), "https://repository.invalid/docs/");
  for (const link of document.querySelectorAll("main a[href]")) {
    const target = new URL(link.getAttribute("href"), here);
    if (target.origin !== here.origin || target.pathname.startsWith("/docs/")) continue;
    const path = target.pathname.slice(1);
    link.title = `in the repository: ${path}`;
    if (repository) link.href = `${repository}/blob/HEAD/${path}${target.hash}`;
    else link.removeAttribute("href");
  }
})();

// A group of rules has no page of its own: a click on its name opens it.
for (const name of document.querySelectorAll(".sidebar .chapter-link-wrapper > span")) {
  name.addEventListener("click", () => name.parentElement.querySelector(".chapter-fold-toggle")?.click());
}
