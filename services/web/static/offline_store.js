// What a desk keeps until it has a connection again: IndexedDB, or localStorage where there is none. One order for all windows.
"use strict";
window.xiuhaoKept = (() => {
  const NAME = "xiuhao-desk";
  const LIST = "xiuhao-desk-acts";
  const news = window.BroadcastChannel ? new BroadcastChannel(NAME) : null;
  const listeners = [];
  const changed = () => { for (const one of listeners) one(); };
  if (news) news.onmessage = changed;
  const tell = () => { if (news) news.postMessage("changed"); changed(); };

  const opened = new Promise((done) => {
    if (!window.indexedDB) return done(null);
    let asked;
    try { asked = indexedDB.open(NAME, 1); } catch (error) { return done(null); }
    asked.onupgradeneeded = () => asked.result.createObjectStore("acts", { keyPath: "seq", autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => done(null);
    return undefined;
  });

  // The transaction is durable when this resolves: only then may the page say that something is kept.
  async function inBase(mode, work) {
    const base = await opened;
    return new Promise((done, fail) => {
      const transaction = base.transaction("acts", mode, { durability: "strict" });
      const asked = work(transaction.objectStore("acts"));
      transaction.oncomplete = () => done(asked.result);
      transaction.onerror = transaction.onabort = () => fail(transaction.error);
    });
  }
  const list = () => JSON.parse(localStorage.getItem(LIST) || "[]");
  const write = (acts) => localStorage.setItem(LIST, JSON.stringify(acts));

  async function all() {
    if (await opened) return inBase("readonly", (acts) => acts.getAll());
    return list();
  }
  async function add(act) {
    if (await opened) await inBase("readwrite", (acts) => acts.add(act));
    else {
      const acts = list();
      write([...acts, { ...act, seq: 1 + Math.max(0, ...acts.map((one) => one.seq)) }]);
    }
    tell();
  }
  async function put(act) {
    if (await opened) await inBase("readwrite", (acts) => acts.put(act));
    else write(list().map((one) => (one.seq === act.seq ? act : one)));
    tell();
  }
  async function remove(seq) {
    if (await opened) await inBase("readwrite", (acts) => acts.delete(seq));
    else write(list().filter((one) => one.seq !== seq));
    tell();
  }
  return { all, add, put, remove, onChange: (work) => listeners.push(work) };
})();
