# "make help" lists the targets. "make check" is what has to be green before and after every commit.

SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

GO   ?= go
LINT := $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

# Programs that tests call, each with the Debian packages that bring it. Tests of what is not there
# are skipped aloud; with CI=true they fail.
DEBIAN_PROGRAMS := rapper=raptor2-utils dot=graphviz chromium=chromium
# The same for what comes from PyPI and from npm; it is kept in .cache.
PYTHON_PACKAGES := pyoxigraph==0.5.2 networkx==3.6.1 igraph==1.0.0 duckdb==2.0.0 pyarrow==26.0.1 openpyxl==3.1.5 \
	followthemoney==4.11.2 stix2-validator==3.3.2
NODE_PACKAGES   := mermaid@12.3.0 cytoscape@3.34.4 axe-core@4.14.1
# FollowTheMoney wants a library of ICU, which is built where it is installed.
DEBIAN_PYTHON   := genbrk=libicu-dev,pkg-config,g++,python3-dev
# For proofs that take long: a Debian program, and archives from Maven with all that they need.
DEBIAN_PROOF    := soffice=libreoffice-calc-nogui java=default-jdk-headless mvn=maven
JENA            := org.apache.jena:jena-cmds:5.6.0 org.slf4j:slf4j-simple:2.0.17
GEPHI           := org.gephi:gephi-toolkit:0.10.1:jar:all
NEO4J           := org.neo4j:neo4j-import-tool:5.26.0
# The race detector links C.
DEBIAN_RACE     := gcc=gcc,libc6-dev

# How long the tests of one package may take, on a machine that is slow and has other work as well.
PATIENCE := 60m

FUZZTIME ?= 20s
BENCH    ?= .
# The size of the invented graph with which "make bench" measures the stores.
QUADS    ?= 100000
# Packages whose statements their tests and those of the command line must cover, and how many of a hundred.
COVERED  := graph loaders queries
COVERAGE := 85

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: build
build: cayley-pages ## build bin/kg, with Cayley's web pages in it
	$(GO) build -tags cayleyui -o bin/kg ./cmd/kg

# Cayley's own pages, from the module that go.mod names. Its files are never kept in the repository.
.PHONY: cayley-pages
cayley-pages:
	@dir=$$($(GO) mod download -json github.com/cayleygraph/cayley | sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$$/\1/p'); \
	to=server/cayleyui/assets; rm -rf "$$to"; mkdir -p "$$to"; \
	cp -R "$$dir/static" "$$dir/templates" "$$dir/docs" "$$dir/LICENSE" "$$to"; chmod -R u+w "$$to"

.PHONY: test
test: tools ## run all tests; installs what they call, where it can
	$(GO) test -timeout $(PATIENCE) ./...

.PHONY: race
race: tools-race ## run the tests under the race detector, the long ones in their short form
	CGO_ENABLED=1 $(GO) test -race -short -timeout $(PATIENCE) ./...

.PHONY: vet
vet: ## go vet
	$(GO) vet ./...

.PHONY: lint
lint: tools-go ## the linters of .golangci.yml
	$(LINT) config verify
	$(LINT) run

.PHONY: fmt
fmt: ## format the Go files
	$(LINT) fmt

.PHONY: fmt-diff
fmt-diff: tools-go ## show what fmt would change, and fail if it would
	$(LINT) fmt --diff

.PHONY: tidy
tidy: ## write go.mod and go.sum as the imports want them
	$(GO) mod tidy

.PHONY: tidy-diff
tidy-diff: tools-go ## show what tidy would change, and fail if it would
	$(GO) mod tidy -diff

.PHONY: golden
golden: ## rewrite expected outputs in testdata; then read the diff
	$(GO) test $$(grep -rl --include='*_test.go' 'flag\.Bool("update"' . | xargs -n1 dirname | sort -u) -update

.PHONY: docs
docs: ## rewrite the transcripts in README.md and docs/
	$(GO) test ./docs -run '^Test(References|Every|Transcripts|Tables)' -update

.PHONY: fuzz
fuzz: ## fuzz each target for FUZZTIME (20s)
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' "$$package" | grep '^Fuzz' || true); do \
			echo "fuzz $$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) "$$package"; \
		done; \
	done

.PHONY: bench
bench: ## run the benchmarks, or those that BENCH names; then measure the stores with QUADS quads
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem ./...
	$(GO) run ./cmd/kg bench run --quads $(QUADS) --runs 3 --format md

.PHONY: bench-serve
bench-serve: ## measure "kg serve" under load, beside Cayley's own server, with wrk
	$(call install,wrk=wrk)
	$(GO) test ./server -run '^$$' -bench Load -benchtime 1x

.PHONY: cover
cover: ## fail below 85 % of the statements of graph, loaders and queries
	@work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; \
	for folder in $(COVERED); do \
		$(GO) test -timeout $(PATIENCE) -coverprofile="$$work/profile" -coverpkg="./$$folder/..." "./$$folder/..." ./cmd/kg/internal/cli >"$$work/log" 2>&1 || { cat "$$work/log"; exit 1; }; \
		awk -v folder="$$folder" -v want=$(COVERAGE) ' \
			FNR > 1 { statements[$$1] = $$2; if ($$3 > 0) ran[$$1] = 1 } \
			END { for (s in statements) { all += statements[s]; if (s in ran) done += statements[s] } \
				got = all ? 100 * done / all : 0; \
				printf "%-8s %5.1f %% of %d statements\n", folder, got, all; \
				if (got < want) { printf "%s: want at least %d %%\n", folder, want; exit 1 } }' "$$work/profile"; \
	done

.PHONY: check
check: fmt-diff tidy-diff vet lint test race cover ## everything that must be green before and after a commit

.PHONY: proof
proof: proof-exports ## what takes hours (docs/proof.md): all tests ten times in random order under the race detector, long fuzzing
	KG_TEST_PROOF=1 $(GO) test -timeout 2h ./graph/...
	KG_TEST_PROOF=1 $(GO) test -timeout 30m -run LeftBehind ./server
	CGO_ENABLED=1 $(GO) test -race -shuffle=on -count=10 -timeout 6h ./...
	$(MAKE) fuzz FUZZTIME=15m

.PHONY: proof-exports
proof-exports: tools-proof ## exports opened by Gephi, Jena, LibreOffice and Neo4j's importer; a few minutes, and 300 MB to fetch
	KG_TEST_PROOF=1 $(GO) test -count=1 -v -timeout 30m -run '^Test(Proof|GraphTools|TableTools|FollowTheMoney|STIX|SchemaOrg)' ./exporters

.PHONY: clean
clean: ## remove what the other targets wrote here
	rm -rf bin .kg .cache

# thrice runs a command of the shell again when it fails: networks have hiccups.
thrice = thrice() { "$$@" || { sleep 5; "$$@"; } || { sleep 20; "$$@"; }; }

# install,PROGRAMS: brings what is missing, by package name, from Debian.
define install
	@$(thrice); as_root=; if [ "$$(id -u)" != 0 ]; then as_root='sudo -n'; fi; \
	for pair in $(1); do \
		program=$${pair%%=*}; packages=$${pair#*=}; packages=$${packages//,/ }; \
		if command -v "$$program" >/dev/null; then continue; fi; \
		echo "installing $$packages for $$program"; \
		get="$$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300"; \
		fetch() { $$get update && $$get install -y --no-install-recommends $$packages; }; \
		if { $$get install -y --no-install-recommends $$packages || thrice fetch; } >/dev/null 2>&1; \
		then continue; fi; \
		if [ "$${CI:-}" = true ]; then echo "$$program is missing and $$packages cannot be installed"; exit 1; fi; \
		echo "skipped: what needs $$program; install $$packages to run it"; \
	done
endef

# keep,FOLDER,PACKAGES,COMMANDS: runs commands that fill a folder of .cache with packages, unless it has
# just these already.
define keep
	@if [ "$$(cat .cache/$(1)/packages 2>/dev/null)" = '$(strip $(2))' ]; then exit; fi; \
	$(thrice); fill() { rm -rf .cache/$(1) && mkdir -p .cache && $(3); }; mkdir -p .cache; \
	if thrice fill >.cache/$(1).log 2>&1; \
	then mkdir -p .cache/$(1); echo '$(strip $(2))' >.cache/$(1)/packages; echo "installed in .cache/$(1): $(strip $(2))"; \
	elif [ "$${CI:-}" = true ]; then tail -n 20 .cache/$(1).log; echo "cannot be installed: $(strip $(2))"; exit 1; \
	else echo "skipped: what needs $(strip $(2)); .cache/$(1).log says why it cannot be installed"; fi
endef

# What the build and the linters are made of.
.PHONY: tools-go
tools-go:
	@$(thrice); thrice $(GO) mod download; thrice $(LINT) version >/dev/null

.PHONY: tools
tools:
	$(call install,$(DEBIAN_PROGRAMS))
	@if [ -e .cache/python/packages ]; then exit; fi; $(MAKE) -s tools-icu
	@python3 -c 'import ensurepip' 2>/dev/null || $(MAKE) -s tools-python
	$(call keep,python,$(PYTHON_PACKAGES),python3 -m venv .cache/python && .cache/python/bin/pip install -q --disable-pip-version-check $(PYTHON_PACKAGES))
	$(call keep,node,$(NODE_PACKAGES),mkdir -p .cache/node && npm install --prefix .cache/node --no-audit --no-fund --ignore-scripts $(NODE_PACKAGES))

.PHONY: tools-proof
tools-proof: tools
	$(call install,$(DEBIAN_PROOF))
	$(call keep,jena,$(JENA),$(call maven,jena,$(JENA)))
	$(call keep,neo4j,$(NEO4J),$(call maven,neo4j,$(NEO4J)))
	$(call keep,gephi,$(GEPHI),mvn -q -B dependency:copy -Dartifact=$(GEPHI) -DoutputDirectory="$$PWD/.cache/gephi")

# maven,FOLDER,ARCHIVES: copies archives (GROUP:ARTIFACT:VERSION) and all that they need.
maven = work=$$(mktemp -d) && { echo '<project><modelVersion>4.0.0</modelVersion><groupId>kg</groupId><artifactId>proof</artifactId><version>1</version><dependencies>'; \
	for archive in $(2); do IFS=: read -r group artifact version <<<"$$archive"; \
		echo "<dependency><groupId>$$group</groupId><artifactId>$$artifact</artifactId><version>$$version</version></dependency>"; done; \
	echo '</dependencies></project>'; } >"$$work/pom.xml" && \
	mvn -q -B -f "$$work/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$$PWD/.cache/$(1)"

.PHONY: tools-icu
tools-icu:
	$(call install,$(DEBIAN_PYTHON))

# Debian's Python can make no environments of its own without this package.
.PHONY: tools-python
tools-python:
	$(call install,python-with-venv=python3-venv)

.PHONY: tools-race
tools-race: tools
	$(call install,$(DEBIAN_RACE))
