import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";

/** The block "Delivery Times": days for the countries the shop sells to; without any it hides. */
export class DeliveryTimes extends Interaction {
    static selector = ".s_dropship_delivery";

    async willStart() {
        const answer = await rpc("/shop/promise/destinations", {}).catch(() => ({}));
        this.html = answer?.html || ""; // rendered by the server, escaped there
    }

    start() {
        const box = this.el.querySelector(".s_dropship_delivery_days");
        if (box) {
            box.innerHTML = this.html;
        }
        this.el.classList.toggle("d-none", !this.html);
    }
}

/** The block "Availability": what can be promised of the product on the page; elsewhere it hides. */
export class StockBlock extends Interaction {
    static selector = ".s_dropship_stock";

    async willStart() {
        const field = document.querySelector("#product_details input.product_id, .js_product input.product_id");
        const productId = parseInt(this.el.dataset.productId || field?.value || 0);
        const answer = productId ? await rpc("/shop/stock", { product_id: productId }).catch(() => ({})) : {};
        this.html = answer?.html || ""; // rendered by the server, escaped there
    }

    start() {
        this.el.querySelector(".s_dropship_stock_text").innerHTML = this.html;
        this.el.classList.toggle("d-none", !this.html);
    }
}

registry.category("public.interactions").add("dropship_flow.delivery_times", DeliveryTimes);
registry.category("public.interactions").add("dropship_flow.stock_block", StockBlock);
