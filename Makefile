# Every target makes and fills .venv by itself; only python3 and make are needed.
.DEFAULT_GOAL := help
.PHONY: help setup demo up test lint texts bench chaos pictures lock clean
SHELL := /bin/sh
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## Daftar perintah ini
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.test ## Siapkan .venv dari berkas kunci (versi dan hash)

demo: .venv/.run ## Peragaan lengkap dua Daerah; Ctrl-C untuk berhenti
	@$(BIN)/siar demo

up: .venv/.run ## Jalankan Siar di komputer ini (web, pekerja, penjadwal)
	@$(BIN)/siar up

# Bytecode is kept even where the machine says not to: each of two workers and a hundred children would compile anew.
test: export PYTHONDONTWRITEBYTECODE :=
test: .venv/.test ## Seluruh uji; yang tidak dapat dijalankan di sini disebut satu per satu
	@$(BIN)/python -m pytest -n auto $(PYTEST_ARGS)

lint: .venv/.test ## ruff, mypy --strict, import-linter
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

# No line numbers and no dates, so that the catalogue changes only where a text does.
texts: .venv/.test ## Perbarui katalog terjemahan dari teks di kode dan halaman
	@pot=$$(mktemp) && trap 'rm -f "$$pot"' EXIT && \
	$(BIN)/pybabel -q extract -F marketing/locale/babel.cfg --sort-by-file --add-location=file \
	  --project=siar-umkm -o "$$pot" marketing catalog_sync workers && \
	$(BIN)/pybabel -q update -i "$$pot" -o marketing/locale/en/LC_MESSAGES/siar.po -l en --no-wrap \
	  --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

bench: .venv/.test ## Ukur kecepatan: JSON, dan tabel untuk dibaca
	@$(BIN)/python -m benchmarks

chaos: .venv/.test ## Babak gangguan pada bagian sungguhan: ROUNDS=… SEED=… ENGINE=postgresql|embedded PEOPLE=…
	@$(BIN)/python -m tests.chaos $(if $(ENGINE),--engine $(ENGINE)) $(if $(ROUNDS),--rounds $(ROUNDS)) \
	  $(if $(SEED),--seed $(SEED)) $(if $(PEOPLE),--people $(PEOPLE)) $(CHAOS_ARGS)

pictures: .venv/.test ## Gambar semua surel (600 dan 375 px, terang dan gelap) di shots/surel; perlu Chromium
	@$(BIN)/python -m tests.tools.mail_pictures shots/surel

lock: .venv/.test ## Tulis ulang berkas kunci
	@PATH="$(CURDIR)/$(BIN):$$PATH" requirements/lock.sh $(LOCK_ARGS)

clean: ## Hapus .venv dan berkas sementara
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info

# uv makes the installation quick; where it cannot be had, pip does the same from the same lock.
.venv/.base:
	@python3 -m venv .venv || { echo "Python tanpa modul venv. Di Debian/Ubuntu: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/uv.txt 2>/dev/null || echo "uv tidak tersedia; memakai pip."
	@touch $@

.venv/.run: .venv/.base requirements/run.txt pyproject.toml
	@$(call install,requirements/run.txt)
	@touch $@

.venv/.test: .venv/.run requirements/test.txt
	@$(call install,requirements/test.txt)
	@touch $@

define install
{ test -x $(BIN)/uv && \
  $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r $(1) && \
  $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e . ; } || \
{ $(BIN)/python -m pip install --quiet --require-hashes -r $(1) && \
  $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e . ; }
endef
