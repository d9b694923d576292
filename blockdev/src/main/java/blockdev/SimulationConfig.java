package blockdev;

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
 * @param engine what the device's ciphers are made with
 */
public record SimulationConfig(
    boolean virtualTime,
    DeviceModel device,
    HostModel host,
    IntFunction<ReplacementPolicy> replacement,
    CipherEngine engine,
    Tracer tracer) {
  /** 32 slots, the kernel's replacement, 4096-byte blocks, virtual time, the fastest engine. */
  public static SimulationConfig defaults() {
    return new SimulationConfig(
        true,
        DeviceModel.ufs(32),
        HostModel.DEFAULT,
        slotCount -> new Lru(),
        CipherEngine.fastest(CryptoMode.AES_256_XTS),
        Tracer.OFF);
  }

  /** The same with {@code slotCount} keyslots. */
  public SimulationConfig withSlots(int slotCount) {
    return withDevice(device.withProfile(DeviceModel.ufsProfile(slotCount)));
  }

  public SimulationConfig withDevice(DeviceModel other) {
    return new SimulationConfig(virtualTime, other, host, replacement, engine, tracer);
  }

  public SimulationConfig withHost(HostModel other) {
    return new SimulationConfig(virtualTime, device, other, replacement, engine, tracer);
  }

  public SimulationConfig withImmediateTime() {
    return new SimulationConfig(false, device, host, replacement, engine, tracer);
  }

  public SimulationConfig withReplacement(IntFunction<ReplacementPolicy> other) {
    return new SimulationConfig(virtualTime, device, host, other, engine, tracer);
  }

  public SimulationConfig withEngine(CipherEngine other) {
    return new SimulationConfig(virtualTime, device, host, replacement, other, tracer);
  }

  public SimulationConfig withTracer(Tracer other) {
    return new SimulationConfig(virtualTime, device, host, replacement, engine, other);
  }
}
