"""What is put back when the addon goes: the ground floor stays as it is without it."""


def uninstall_hook(env):
    """Claims belong to parcels again, and are listed as before."""
    menu = env.ref("dropship_flow.menu_claims", raise_if_not_found=False)
    parent = env.ref("dropship_flow.menu_parcels", raise_if_not_found=False)
    if menu and parent:
        menu.write({"parent_id": parent.id, "sequence": 50})
    action = env.ref("dropship_flow.action_dropship_claim", raise_if_not_found=False)
    if action:
        action.view_mode = "list,form"
