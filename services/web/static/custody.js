// Photos are made smaller before they are sent: a phone's picture is ten times what is kept of it anyway.
"use strict";
(() => {
  const LONGEST = 1600;
  const shrink = async (file) => {
    if (!file.type.startsWith("image/") || file.size < 400000) return file;
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return blob && blob.size < file.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
  };
  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.matches || !input.matches("input[type=file][data-shrink]") || input.dataset.done) return;
    const button = input.form.querySelector("button:not([type=button])");
    if (button) button.disabled = true;
    try {
      const files = new DataTransfer();
      for (const file of input.files) files.items.add(await shrink(file));
      input.files = files.files;
    } catch (error) { /* sent as it is: the service makes it smaller */ } finally {
      if (button) button.disabled = false;
    }
  });
})();
