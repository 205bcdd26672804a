import{r as e}from"./browser-DOqep7K3.js";var t=/^[a-z0-9][a-z0-9_-]*$/i;function n(e,n){return n.includes(e)?`There is a workflow of this id.`:/\.ya?ml$/.test(e)?`Leave .yaml out: it is added to the file.`:e.split(`/`).every(e=>t.test(e))?null:`Letters, digits, - and _, with / between folders.`}function r(t,n){let r=n.trim()||(t.split(`/`).at(-1)??t).replace(/[-_]+/g,` `);return`${e({title:r},{lineWidth:0}).trim()}
description: Greets whoever it is given. Write here what it is for.

# What a run is given. Read it as inputs.name.
inputs:
  name: {type: string, default: world, description: Who is greeted}

# What starts it. This one is started by hand.
triggers:
  - name: by hand
    type: always_pass
    run_for: {this: true, all_managed: true}

# The steps. Those that no other leads to come first; next says what follows.
tasks:
  greet:
    action: core.set
    with:
      values:
        text: "Hello \${{ inputs.name }}, from \${{ org.name }}"

outputs:
  text: \${{ tasks.greet.result.text }}
`}export{n,r as t};