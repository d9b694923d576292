/**
 * The data path made visible: one trace point per arrow of the picture in the README, from file
 * block to ciphertext, and the event log whose hash tells two runs apart.
 *
 * <p>Touches {@code blockdev.bio}; everything on the data path may call it.
 */
@NullMarked
package blockdev.trace;

import org.jspecify.annotations.NullMarked;
