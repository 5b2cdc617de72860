import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** The box of the cart for message, gift note, carrier wish and personalisation: each text is kept when left. */
export class OrderTexts extends Interaction {
    static selector = ".o_dropship_order_texts";
    dynamicContent = {
        textarea: { "t-on-change.withTarget": this.save },
        ".o_dropship_order_texts_state": { "t-out": () => this.state },
    };

    setup() {
        this.state = "";
    }

    /**
     * @param {Event} ev
     * @param {HTMLTextAreaElement} textarea
     */
    async save(ev, textarea) {
        const { text, line } = textarea.dataset;
        const params = line ? { lines: { [line]: textarea.value } } : { texts: { [text]: textarea.value } };
        // Kept alive: the next click may be the one that leaves the page.
        const call = fetch("/shop/order_texts", {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ jsonrpc: "2.0", method: "call", params }),
            keepalive: true,
        });
        const answer = await this.waitFor(call.then((response) => response.json()).catch(() => ({})));
        const result = answer.result || {};
        const words = this.el.querySelector(result.saved ? ".o_dropship_saved" : ".o_dropship_failed");
        this.state = result.error || words.textContent;
        this.updateContent();
    }
}

registry.category("public.interactions").add("dropship_flow.order_texts", OrderTexts);
