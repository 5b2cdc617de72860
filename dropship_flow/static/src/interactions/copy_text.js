import { Interaction } from "@web/public/interaction";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

/** The button that copies a text field; without scripts the text is marked by hand. */
export class CopyText extends Interaction {
    static selector = ".o_dropship_copy";
    dynamicContent = {
        ".o_dropship_copy_button": {
            "t-on-click": this.copy,
            "t-att-class": () => ({ "d-none": false }),
        },
        ".o_dropship_copy_before": { "t-att-class": () => ({ "d-none": this.copied }) },
        ".o_dropship_copy_after": { "t-att-class": () => ({ "d-none": !this.copied }) },
    };

    setup() {
        this.copied = false;
    }

    async copy() {
        const area = this.el.querySelector("textarea");
        area.focus();
        area.select();
        // Inside of apps and on plain http there is no clipboard; the older way works there.
        const done = browser.navigator.clipboard
            ? await browser.navigator.clipboard.writeText(area.value).then(() => true).catch(() => false)
            : false;
        this.copied = done || document.execCommand("copy");
        this.updateContent();
    }
}

registry.category("public.interactions").add("dropship_flow.copy_text", CopyText);
