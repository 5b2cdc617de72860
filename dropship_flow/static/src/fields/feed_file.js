import { _t } from "@web/core/l10n/translation";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { registry } from "@web/core/registry";
import { useDropzone } from "@web/core/dropzone/dropzone_hook";
import { BinaryField, binaryField } from "@web/views/fields/binary/binary_field";
import { useRef, xml } from "@odoo/owl";

/** A file that may also be dropped on the field. */
export class FeedFileField extends BinaryField {
    static template = xml`<div t-ref="root"><t t-call="web.BinaryField"/></div>`;

    setup() {
        super.setup();
        useDropzone(useRef("root"), (event) => this.onDrop(event), "", () => !this.props.readonly);
    }

    async onDrop(event) {
        const file = event.dataTransfer.files[0];
        if (!file) {
            return;
        }
        if (event.dataTransfer.files.length > 1) {
            this.notification.add(_t("Drop one file at a time."), { type: "warning" });
            return;
        }
        const data = (await getDataURLFromFile(file)).split(",")[1];
        await this.update({ data, name: file.name });
    }
}

registry.category("fields").add("feed_file", { ...binaryField, component: FeedFileField });
