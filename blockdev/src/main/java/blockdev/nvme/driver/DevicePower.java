package blockdev.nvme.driver;

import blockdev.sim.PowerSwitch;
import inlinecrypt.keyslot.RuntimePower;

/**
 * Runtime power management of the device: those who program its slots and those who issue commands
 * resume it, and it is suspended when neither has needed it for a while. Its slots keep their keys.
 */
record DevicePower(PowerSwitch power) implements RuntimePower {
  @Override
  public void resume(Runnable resumed) {
    power.resume(resumed);
  }

  @Override
  public void release() {
    power.release();
  }
}
