/**
 * The main job: a directory of real files goes through the whole life of an encrypted filesystem on
 * a simulated device, and everything that comes back, or lies on the medium, is verified.
 *
 * <p>Drives {@code blockdev} through its public surface; predicts the medium with {@code
 * inlinecrypt}'s reference engine and independent key derivation, and reads it past the device.
 */
@NullMarked
package bench.life;

import org.jspecify.annotations.NullMarked;
