#!/usr/bin/env bash
# A Debian package of a built program:
#
#   cargo build --release
#   ops/deb.sh target/release/riverwatch [FOLDER]
#
# It prints the package's path. The package has the program, its unit, the configuration as conffiles, manual pages and
# completions. Installing starts nothing: the configuration needs a contact first. DEBFULLNAME and DEBEMAIL name the
# maintainer, as for Debian's own tools.

set -euo pipefail

here=$(dirname "$(realpath "$0")")
root=$(dirname "$here")

main() {
    local binary=${1:?usage: ops/deb.sh BINARY [FOLDER]} out=${2:-.}
    binary=$(realpath "$binary")
    tree=$(mktemp -d)
    trap 'rm -rf "$tree"' EXIT
    files "$binary" "$tree"
    mkdir "$tree/DEBIAN"
    control "$binary" "$tree" >"$tree/DEBIAN/control"
    (cd "$tree" && find etc -type f | sort | sed 's|^|/|') >"$tree/DEBIAN/conffiles"
    scripts "$tree/DEBIAN"
    find "$tree" -type d -exec chmod 755 {} +
    mkdir -p "$out"
    # The last change of the files, so that the same files make the same package.
    SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || date +%s)}
    export SOURCE_DATE_EPOCH
    dpkg-deb --root-owner-group -Z"${COMPRESSION:-xz}" --build "$tree" "$out" >&2
    echo "$out/riverwatch_$(version "$binary")_$(dpkg --print-architecture).deb"
}

version() {
    "$1" --version | cut -d ' ' -f 2
}

# Everything that is installed.
files() {
    local binary=$1 tree=$2 share=$2/usr/share
    install -D -m 755 "$binary" "$tree/usr/bin/riverwatch"
    install -d "$tree"/etc/riverwatch/{stations,maps} "$share/man/man1"
    install -m 644 "$root"/config/stations/*.toml "$tree/etc/riverwatch/stations/"
    install -m 644 "$root"/config/maps/*.geojson "$tree/etc/riverwatch/maps/"
    # The database where the unit has it, so that commands by hand find it too.
    edited 's|^url = "sqlite:data/riverwatch.db"$|url = "sqlite:/var/lib/riverwatch/riverwatch.db"|' \
        "$root/config/riverwatch.toml" "$tree/etc/riverwatch/riverwatch.toml"
    install -d "$tree/usr/lib/systemd/system"
    edited 's|/usr/local/bin/|/usr/bin/|' "$root/ops/riverwatch.service" "$tree/usr/lib/systemd/system/riverwatch.service"
    "$binary" man "$share/man/man1"
    gzip -9n "$share"/man/man1/*.1
    completions "$binary" "$share"
    install -d "$share/doc/riverwatch/examples"
    install -m 644 "$root"/README.md "$root"/docs/*.md "$share/doc/riverwatch/"
    install -m 644 "$root"/ops/alerts.yml "$root"/ops/grafana-dashboard.json "$share/doc/riverwatch/examples/"
    install -m 755 "$root/ops/map-lines" "$share/doc/riverwatch/examples/"
    gzip -9nc "$root/CHANGELOG.md" >"$share/doc/riverwatch/changelog.gz"
    copyright >"$share/doc/riverwatch/copyright"
    chmod 644 "$share"/doc/riverwatch/{changelog.gz,copyright} "$share"/man/man1/*
}

completions() {
    local binary=$1 share=$2
    install -d "$share/bash-completion/completions" "$share/zsh/vendor-completions" "$share/fish/vendor_completions.d"
    "$binary" completions bash >"$share/bash-completion/completions/riverwatch"
    "$binary" completions zsh >"$share/zsh/vendor-completions/_riverwatch"
    "$binary" completions fish >"$share/fish/vendor_completions.d/riverwatch.fish"
    chmod 644 "$share"/{bash-completion/completions,zsh/vendor-completions,fish/vendor_completions.d}/*
}

# A file with a change that must be one.
edited() {
    sed "$1" "$2" >"$3"
    chmod 644 "$3"
    if cmp -s "$2" "$3"; then
        echo "ops/deb.sh: $2 is not what this script expects: $1 changes nothing" >&2
        exit 1
    fi
}

control() {
    local binary=$1 tree=$2 glibc
    # The newest version of the C library that the program asks for.
    glibc=$(grep -ao 'GLIBC_2\.[0-9][0-9.]*' "$binary" | sort -uV | tail -n 1)
    cat <<END
Package: riverwatch
Version: $(version "$binary")
Architecture: $(dpkg --print-architecture)
Maintainer: ${DEBFULLNAME:-River Watch} <${DEBEMAIL:-root@localhost}>
Installed-Size: $(du -sk "$tree" | cut -f 1)
Depends: libc6 (>= ${glibc#GLIBC_}), ca-certificates
Section: web
Priority: optional
Homepage: https://github.com/river-watch/riverwatch
Description: river levels and flood forecasts on one small page
 Reads the gauge and forecast feeds that governments publish, by schedule, into
 one SQLite file, and serves a small page for each station in English and in
 French. It is information from gauges and not an official warning.
END
}

copyright() {
    cat <<END
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: riverwatch
Source: https://github.com/river-watch/riverwatch

Files: *
Copyright: the contributors to River Watch
License: MIT or Apache-2.0
 The text of the Apache License 2.0 is in /usr/share/common-licenses/Apache-2.0.
 .
$(sed 's/^$/./; s/^/ /' "$root/LICENSE-MIT")
END
}

# A program that runs is restarted by its new version; the data stay, also when everything else is purged.
scripts() {
    cat >"$1/postinst" <<'END'
#!/bin/sh
set -e
if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    systemctl try-restart riverwatch.service
fi
END
    cat >"$1/prerm" <<'END'
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
    systemctl disable --now riverwatch.service
fi
END
    cat >"$1/postrm" <<'END'
#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then
    systemctl daemon-reload
fi
END
    chmod 755 "$1"/{postinst,prerm,postrm}
}

main "$@"
