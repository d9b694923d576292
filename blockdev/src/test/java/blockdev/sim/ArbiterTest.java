package blockdev.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose command is fetched next, where the front end takes 1 µs for each. */
class ArbiterTest {
  private static final long FRONT_END_NS = 1000;

  private final SimTime time = SimTime.virtual();
  private final EventQueue events = time.newEventQueue();
  private final Arbiter arbiter = time.newArbiter(4);
  private final StringBuilder order = new StringBuilder();

  @Test
  void queuesTakeTurns() {
    new Host('a', Arbiter.LOW, 5);
    new Host('b', Arbiter.LOW, 2);
    new Host('c', Arbiter.URGENT, 3); // which means nothing in round robin
    settle(100);
    assertThat(order).hasToString("abcabcacaa");
  }

  @Test
  void aBurstIsSeveralCommandsInATurn() {
    arbiter.roundRobin(4);
    new Host('a', Arbiter.LOW, 6);
    new Host('b', Arbiter.LOW, 5);
    settle(100);
    assertThat(order).hasToString("aaaabbbbaab");
  }

  @Test
  void aBurstCanBeWithoutLimit() {
    arbiter.roundRobin(Arbiter.ANY_BURST);
    new Host('a', Arbiter.LOW, 6);
    new Host('b', Arbiter.LOW, 3);
    settle(100);
    assertThat(order).hasToString("aaaaaabbb");
  }

  @Test
  void urgentQueuesGoFirst() {
    arbiter.weighted(1, 2, 1, 1);
    new Host('l', Arbiter.LOW, 2);
    new Host('h', Arbiter.HIGH, 2);
    new Host('u', Arbiter.URGENT, 3);
    new Host('v', Arbiter.URGENT, 1);
    settle(100);
    assertThat(order).hasToString("uvuuhhll");
  }

  @Test
  void classesShareByTheirWeights() {
    arbiter.weighted(1, 8, 4, 2);
    int many = 10_000;
    new Host('h', Arbiter.HIGH, many);
    new Host('m', Arbiter.MEDIUM, many);
    new Host('l', Arbiter.LOW, many);
    settle(1400);
    assertThat(count('h')).isCloseTo(800, within(8L));
    assertThat(count('m')).isCloseTo(400, within(8L));
    assertThat(count('l')).isCloseTo(200, within(8L));
  }

  @Test
  void queuesOfOneClassShareItEvenly() {
    arbiter.weighted(1, 3, 1, 1);
    new Host('a', Arbiter.HIGH, 10_000);
    new Host('b', Arbiter.HIGH, 10_000);
    new Host('l', Arbiter.LOW, 10_000);
    settle(800);
    assertThat(count('a')).isCloseTo(300, within(4L));
    assertThat(count('b')).isCloseTo(300, within(4L));
    assertThat(count('l')).isCloseTo(200, within(4L));
  }

  @Test
  void aClassThatWantsNothingLeavesItsShareToTheOthers() {
    arbiter.weighted(1, 100, 1, 1);
    new Host('m', Arbiter.MEDIUM, 10_000);
    new Host('l', Arbiter.LOW, 10_000);
    settle(1000);
    assertThat(count('m')).isCloseTo(500, within(4L));
    assertThat(count('l')).isCloseTo(500, within(4L));
  }

  @Test
  void theFrontEndIsBusyForEachCommand() {
    new Host('a', Arbiter.LOW, 7);
    settle(100);
    assertThat(arbiter.busyNs()).isEqualTo(7 * FRONT_END_NS);
  }

  @Test
  void whoIsReadyAgainHasATurnAgain() {
    Host a = new Host('a', Arbiter.LOW, 1);
    settle(10);
    a.left = 2;
    a.queue.ready();
    a.queue.ready();
    settle(10);
    assertThat(order).hasToString("aaa");
  }

  @Test
  void aDeviceThatIsFullFetchesAgainWhenACommandHasLeft() {
    Host a = new Host('a', Arbiter.LOW, 6);
    a.leaves = false;
    settle(100);
    assertThat(order).hasToString("aaaa");
    arbiter.left();
    settle(10);
    assertThat(order).hasToString("aaaaa");
  }

  @Test
  void waitingQueuesMoveToTheirClassesWhenTheRuleChanges() {
    Host blocker = new Host('x', Arbiter.LOW, 4);
    blocker.leaves = false;
    settle(10);
    new Host('l', Arbiter.LOW, 1);
    new Host('u', Arbiter.URGENT, 1);
    settle(10);
    assertThat(order).hasToString("xxxx");
    arbiter.weighted(1, 1, 1, 1);
    arbiter.left();
    settle(10);
    assertThat(order).hasToString("xxxxul");
  }

  @Test
  void inImmediateTimeEachQueueIsServedByItsOwnEvents() {
    SimTime immediate = SimTime.immediate();
    EventQueue mine = immediate.newEventQueue();
    EventQueue others = immediate.newEventQueue();
    Arbiter unshared = immediate.newArbiter(1);
    Host a = new Host('a', Arbiter.LOW, 3, unshared, mine);
    new Host('b', Arbiter.LOW, 3, unshared, others);
    a.leaves = false; // and no depth holds it up
    mine.poll();
    assertThat(order).hasToString("aaa");
    others.poll();
    assertThat(order).hasToString("aaabbb");
  }

  private long count(char name) {
    return order.chars().filter(each -> each == name).count();
  }

  private void settle(long us) {
    WaitPoint over = new WaitPoint();
    events.schedule(over::signal, us * 1000);
    events.await(over);
  }

  /** Has so many commands, which leave the device when they start. */
  private final class Host implements Arbiter.Source, Arbiter.Command {
    private final char name;
    private final Arbiter itsArbiter;
    private final EventQueue itsEvents;
    private final Arbiter.Queue queue;
    private int left;
    private boolean leaves = true;

    Host(char name, int priority, int commands) {
      this(name, priority, commands, arbiter, events);
    }

    Host(char name, int priority, int commands, Arbiter arbiter, EventQueue events) {
      this.name = name;
      left = commands;
      itsArbiter = arbiter;
      itsEvents = events;
      queue = arbiter.newQueue(this, priority, events);
      queue.ready();
    }

    @Override
    public Arbiter.@Nullable Command fetch() {
      if (left == 0) {
        return null;
      }
      left--;
      order.append(name);
      return this;
    }

    @Override
    public long frontEndNs() {
      return FRONT_END_NS;
    }

    @Override
    public void start() {
      if (leaves) {
        itsEvents.schedule(itsArbiter::left, 0);
      }
    }
  }
}
