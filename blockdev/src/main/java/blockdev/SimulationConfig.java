package blockdev;

import blockdev.trace.Tracer;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;

/**
 * What a simulation is made of. {@link #defaults} is phone storage with 32 keyslots in virtual
 * time; change what differs.
 *
 * @param virtualTime true for virtual time, false for immediate time
 * @param engine what the device's ciphers are made with, and the fallback's of modes that it has
 * @param softwareFallback whether the host encrypts for a device that cannot do it
 */
public record SimulationConfig(
    boolean virtualTime,
    DeviceModel device,
    HostModel host,
    CipherEngine engine,
    Tracer tracer,
    boolean softwareFallback) {
  /** 32 slots, 4096-byte blocks, virtual time, the fastest engine, and the fallback. */
  public static SimulationConfig defaults() {
    return new SimulationConfig(
        true,
        DeviceModel.ufs(32),
        HostModel.DEFAULT,
        CipherEngine.fastest(CryptoMode.AES_256_XTS),
        Tracer.OFF,
        true);
  }

  /** The same with {@code slotCount} keyslots; 0 for a device without inline encryption. */
  public SimulationConfig withSlots(int slotCount) {
    return withDevice(
        slotCount == 0
            ? device.withoutInlineCrypt()
            : device.withProfile(DeviceModel.ufsProfile(slotCount)));
  }

  public SimulationConfig withDevice(DeviceModel other) {
    return new SimulationConfig(virtualTime, other, host, engine, tracer, softwareFallback);
  }

  public SimulationConfig withHost(HostModel other) {
    return new SimulationConfig(virtualTime, device, other, engine, tracer, softwareFallback);
  }

  public SimulationConfig withImmediateTime() {
    return new SimulationConfig(false, device, host, engine, tracer, softwareFallback);
  }

  public SimulationConfig withEngine(CipherEngine other) {
    return new SimulationConfig(virtualTime, device, host, other, tracer, softwareFallback);
  }

  public SimulationConfig withTracer(Tracer other) {
    return new SimulationConfig(virtualTime, device, host, engine, other, softwareFallback);
  }

  /** The same, but what the device cannot encrypt is refused. */
  public SimulationConfig withoutFallback() {
    return new SimulationConfig(virtualTime, device, host, engine, tracer, false);
  }
}
