/**
 * Time, and everything that waits for it. One notion of time has two forms, and one code path
 * serves both; no class outside this package asks which one it is in.
 *
 * <ul>
 *   <li><em>Virtual</em>: a discrete-event loop. Nothing sleeps, host CPU costs nothing, and the
 *       same seed and configuration give the same run on any machine. Blocking code runs on
 *       simulated threads, of which exactly one holds the baton.
 *   <li><em>Immediate</em>: latencies are ignored and events run on the thread that submits, for
 *       throughput.
 * </ul>
 *
 * <p>What takes time in a device is here too, for it needs both forms: {@link
 * blockdev.sim.Arbiter}, its front end, and {@link blockdev.sim.MediaModel}, all that lies behind,
 * made of {@link blockdev.sim.Station}s whose times a {@link blockdev.sim.DeviceTiming} says.
 *
 * <p>Touches no other package of the block device.
 */
@NullMarked
package blockdev.sim;

import org.jspecify.annotations.NullMarked;
