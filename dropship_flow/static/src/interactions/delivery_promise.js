import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";

/** The block "Delivery Promise": the day of the product on the page; without one it is not there. */
export class DeliveryPromise extends Interaction {
    static selector = ".s_dropship_promise";
    dynamicContent = {
        _root: { "t-att-class": () => ({ "d-none": !this.text, "d-flex": !!this.text }) },
        ".s_dropship_promise_text": { "t-out": () => this.text || "" },
    };

    setup() {
        this.text = "";
    }

    async willStart() {
        const field = document.querySelector(
            "#product_detail input[name='product_id'], .js_product input[name='product_id'], input.product_id"
        );
        const productId = parseInt(this.el.dataset.productId || field?.value || 0);
        if (productId) {
            this.text = await this.waitFor(
                rpc("/dropship/promise", { product_id: productId }).catch(() => "")
            );
        }
    }
}

registry.category("public.interactions").add("dropship_flow.delivery_promise", DeliveryPromise);
