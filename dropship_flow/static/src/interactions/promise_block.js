import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";

/** The block "Delivery Promise" of the website builder: the day of the product on the page; without one it hides. */
export class PromiseBlock extends Interaction {
    static selector = ".s_dropship_promise";

    async start() {
        const field = document.querySelector("#product_details input.product_id, .js_product input.product_id");
        const productId = parseInt(this.el.dataset.productId || field?.value || 0);
        const answer = productId
            ? await this.waitFor(rpc("/shop/promise", { product_id: productId }).catch(() => ({})))
            : {};
        const html = answer?.html || ""; // rendered by the server, escaped there
        this.el.querySelector(".s_dropship_promise_text").innerHTML = html;
        this.el.classList.toggle("d-none", !html);
        this.el.classList.toggle("d-flex", !!html);
    }
}

registry.category("public.interactions").add("dropship_flow.promise_block", PromiseBlock);
