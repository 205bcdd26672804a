#!/bin/sh
# Builds the console's sources into ../dist, with the API's types and the styles that are generated for it.
set -eu
cd "$(dirname "$0")/../../.."
. console/ui/scripts/packages.sh
cd console/ui
npm run --silent generate
npx vite build --logLevel warn
