# To be read by scripts at the top of the project: brings the console's packages, as the lock file has them.
command -v npm >/dev/null || { echo "the console is built with Node 20.19 or later, and npm" >&2; exit 1; }
if ! [ console/ui/node_modules/.package-lock.json -nt console/ui/package-lock.json ]; then
  npm ci --prefix console/ui --no-audit --no-fund --loglevel=error
fi
