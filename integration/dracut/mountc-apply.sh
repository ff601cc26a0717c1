#!/bin/sh
# mountc-apply.sh - dracut's pre-pivot hook: applies the plans to the root, before it is switched to.
# A plan that fails leads into the emergency shell, below its report.
for plan in /etc/mountc/*.plan; do
    [ -e "$plan" ] || continue
    mountrun "$plan" --root "$NEWROOT" || emergency_shell -n mountc "mountc: $plan was not applied"
done
