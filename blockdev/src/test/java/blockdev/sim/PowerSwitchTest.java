package blockdev.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Suspended after 100 ns without users, back 30 ns after it is asked for. */
class PowerSwitchTest {
  private final SimTime time = SimTime.virtual();
  private final EventQueue events = time.newEventQueue();
  private final PowerSwitch power = time.newPowerSwitch(30, 100);
  private final List<Long> resumedAtNs = new ArrayList<>();

  @Test
  void itIsOnAtFirst() {
    use();
    assertThat(resumedAtNs).containsExactly(0L);
  }

  @Test
  void itIsSuspendedAfterIdleTimeAndNotBefore() {
    use();
    power.release();
    passTo(99);
    use();
    assertThat(resumedAtNs).containsExactly(0L, 99L);
    power.release();
    passTo(198);
    use();
    power.release();
    passTo(298);
    use();
    passTo(400);
    assertThat(resumedAtNs).containsExactly(0L, 99L, 198L, 298L + 30);
  }

  @Test
  void itStaysOnWhileAnyoneUsesIt() {
    use();
    use();
    power.release();
    passTo(1000);
    use();
    assertThat(resumedAtNs).containsExactly(0L, 0L, 1000L);
  }

  @Test
  void whoAsksWhileItResumesWaitsForTheRest() {
    use();
    power.release();
    passTo(500);
    use();
    passTo(520);
    use();
    passTo(600);
    assertThat(resumedAtNs).containsExactly(0L, 530L, 530L);
  }

  @Test
  void inImmediateTimeItIsAlwaysOn() {
    PowerSwitch immediate = SimTime.immediate().newPowerSwitch(30, 100);
    immediate.resume(() -> resumedAtNs.add(0L));
    immediate.release();
    immediate.resume(() -> resumedAtNs.add(0L));
    assertThat(resumedAtNs).hasSize(2);
  }

  private void use() {
    power.resume(() -> resumedAtNs.add(time.nowNs()));
  }

  private void passTo(long ns) {
    WaitPoint over = new WaitPoint();
    events.schedule(over::signal, ns - time.nowNs());
    events.await(over);
  }
}
