/**
 * What is to go wrong in a device, and when: seeded plans of faults.
 *
 * <pre>
 * FaultPlan plan =
 *     new FaultPlan(1, Fault.parse("read-error:lba=100-107,times=all"), Fault.parse("lost-write:nth=3"));
 * SimulationConfig config = SimulationConfig.defaults().withFaults(plan);
 * </pre>
 *
 * <p>A {@link blockdev.fault.FaultPlan} says it; {@link blockdev.fault.ArmedFaults} decides it
 * during one run, command for command, and counts. What a fault does to bytes, queues and slots is
 * the device's own business. Same seed, same commands: same faults.
 *
 * <p>Touches no other package of the block device.
 */
@NullMarked
package blockdev.fault;

import org.jspecify.annotations.NullMarked;
