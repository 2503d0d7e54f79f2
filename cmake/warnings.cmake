# Flags of every target; all warnings are errors through the presets.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual
  -Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wformat=2 -Wundef
  -Wvla -Wpointer-arith -Wimplicit-fallthrough -Wswitch-enum -Wnull-dereference -Wframe-larger-than=65536)
if(CMAKE_C_COMPILER_ID STREQUAL GNU)
  add_compile_options(-Wduplicated-cond -Wduplicated-branches -Wlogical-op -Walloca -Wcast-align=strict)
else()
  # Long literals are split over lines in tables, too.
  add_compile_options(-Wshorten-64-to-32 -Wcomma -Wassign-enum -Wcast-align -Wno-string-concatenation)
endif()
add_compile_definitions(_GNU_SOURCE)
add_compile_options(-fvisibility=hidden -fstack-protector-strong -fstack-clash-protection
  "$<$<CONFIG:Release>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=3>")
add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)
