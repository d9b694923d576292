/**
 * Devices and media that exist in the world, or are worth comparing them with: {@link
 * blockdev.preset.DevicePreset} is how a device takes its keys ({@code --device}), {@link
 * blockdev.preset.MediaPreset} what it is made of ({@code --media}).
 *
 * <p>Data and nothing else: each number is a {@link blockdev.preset.Figure} that says how sure it
 * is and who says so, and what a simulation is made of is read off the same figures that are shown.
 * Nobody publishes what it costs to program a keyslot, so most of those say "assumed".
 *
 * <p>Touches {@code sim}, for the timing models that the figures become, and {@code
 * inlinecrypt.keyslot}.
 */
@NullMarked
package blockdev.preset;

import org.jspecify.annotations.NullMarked;
