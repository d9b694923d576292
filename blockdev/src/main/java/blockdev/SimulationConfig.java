package blockdev;

import blockdev.fault.FaultPlan;
import blockdev.preset.DevicePreset;
import blockdev.preset.MediaPreset;
import blockdev.queue.crypto.Fallback;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.keyslot.ReplacementPolicy;
import inlinecrypt.keyslot.replacement.Lru;
import java.util.function.IntFunction;

/**
 * What a simulation is made of. {@link #defaults} is phone storage with 32 keyslots in virtual
 * time; change what differs.
 *
 * @param virtualTime true for virtual time, false for immediate time
 * @param replacement makes a new policy for so many keyslots
 * @param engine what the device's ciphers are made with, and the fallback's of modes that it has
 * @param fallbackSlots keyslots of the software with which the host encrypts for a device that
 *     cannot do it; 0 if it refuses to
 * @param powerCuts whether {@link Simulation#cutPower} can be called, which costs memory and time
 * @param faults what goes wrong in the first device
 */
public record SimulationConfig(
    boolean virtualTime,
    DeviceModel device,
    HostModel host,
    IntFunction<ReplacementPolicy> replacement,
    CipherEngine engine,
    int fallbackSlots,
    boolean powerCuts,
    FaultPlan faults,
    Tracer tracer) {
  /**
   * 32 slots, the kernel's replacement, 4096-byte blocks, virtual time, the fastest engine, and the
   * fallback.
   */
  public static SimulationConfig defaults() {
    return new SimulationConfig(
        true,
        DeviceModel.ufs(32),
        HostModel.DEFAULT,
        slotCount -> new Lru(),
        CipherEngine.fastest(CryptoMode.AES_256_XTS),
        Fallback.LINUX_SLOTS,
        false,
        FaultPlan.NONE,
        Tracer.OFF);
  }

  /** The same with {@code slotCount} keyslots; 0 for a device without inline encryption. */
  public SimulationConfig withSlots(int slotCount) {
    return withDevice(
        slotCount == 0
            ? device.withoutInlineCrypt()
            : device.withProfile(DeviceModel.ufsProfile(slotCount)));
  }

  public SimulationConfig withDevice(DeviceModel other) {
    return new SimulationConfig(
        virtualTime, other, host, replacement, engine, fallbackSlots, powerCuts, faults, tracer);
  }

  public SimulationConfig withHost(HostModel other) {
    return new SimulationConfig(
        virtualTime, device, other, replacement, engine, fallbackSlots, powerCuts, faults, tracer);
  }

  public SimulationConfig withImmediateTime() {
    return new SimulationConfig(
        false, device, host, replacement, engine, fallbackSlots, powerCuts, faults, tracer);
  }

  public SimulationConfig withReplacement(IntFunction<ReplacementPolicy> other) {
    return new SimulationConfig(
        virtualTime, device, host, other, engine, fallbackSlots, powerCuts, faults, tracer);
  }

  public SimulationConfig withEngine(CipherEngine other) {
    return new SimulationConfig(
        virtualTime, device, host, replacement, other, fallbackSlots, powerCuts, faults, tracer);
  }

  /** The same on a device of that kind; where the host encrypts, with as many slots as it says. */
  public SimulationConfig withDevice(DevicePreset preset, MediaPreset media) {
    SimulationConfig on = withDevice(DeviceModel.of(preset, media));
    return preset.encrypts() ? on : on.withFallbackSlots(preset.hostKeyslots());
  }

  public SimulationConfig withFallbackSlots(int other) {
    return new SimulationConfig(
        virtualTime, device, host, replacement, engine, other, powerCuts, faults, tracer);
  }

  /** The same, but what the device cannot encrypt is refused. */
  public SimulationConfig withoutFallback() {
    return withFallbackSlots(0);
  }

  public SimulationConfig withTracer(Tracer other) {
    return new SimulationConfig(
        virtualTime, device, host, replacement, engine, fallbackSlots, powerCuts, faults, other);
  }

  /** The same, in virtual time only, with a volatile cache whose power can be cut. */
  public SimulationConfig withPowerCuts() {
    return new SimulationConfig(
        virtualTime, device, host, replacement, engine, fallbackSlots, true, faults, tracer);
  }

  /**
   * The same, in virtual time only, with a device in which things go wrong. Faults that show in
   * nothing but data need a medium that carries bytes.
   */
  public SimulationConfig withFaults(FaultPlan other) {
    return new SimulationConfig(
        virtualTime, device, host, replacement, engine, fallbackSlots, powerCuts, other, tracer);
  }
}
