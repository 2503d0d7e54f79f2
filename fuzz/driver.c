/* Runs a fuzz target over files, so that the tests replay its corpus without libFuzzer. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
main(int argc, char **argv)
{
	const size_t max = (size_t)8 << 20;

	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rbe");
		uint8_t *buf = malloc(max), *exact;
		size_t n;

		if (f == NULL || buf == NULL) {
			fprintf(stderr, "%s: cannot be read\n", argv[i]);
			return EXIT_FAILURE;
		}
		n = fread(buf, 1, max, f);
		/* Exactly as long as the input: overruns are seen at once. */
		exact = realloc(buf, n ? n : 1);
		(void)LLVMFuzzerTestOneInput(exact, n);
		free(exact);
		fclose(f);
	}
	return EXIT_SUCCESS;
}
