/** Looks for secrets in the memory of a process. */
@NullMarked
package inlinecrypt.memory;

import org.jspecify.annotations.NullMarked;
