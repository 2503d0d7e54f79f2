# Writes version.h with the commit of the tree that is built; run at build time.
execute_process(COMMAND git -C ${SOURCE} rev-parse --short=12 HEAD
  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
  set(commit "unknown")
endif()
file(WRITE ${OUT}.new "#ifndef VERSION_H\n#define VERSION_H\n#define TELASSAY_VERSION \"${VERSION}\"\n#define TELASSAY_COMMIT \"${commit}\"\n#endif\n")
file(COPY_FILE ${OUT}.new ${OUT} ONLY_IF_DIFFERENT)
