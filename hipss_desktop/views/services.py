"""All use cases and views of one open store, made together once for a window or a command.

Must not know how the store, the network or the window are made.
"""

from datetime import datetime
from functools import cached_property

from hipss_desktop import times
from hipss_desktop.services.actions import Actions
from hipss_desktop.services.calls import Calls
from hipss_desktop.services.clocks import Clocks
from hipss_desktop.services.consultations import Consultations
from hipss_desktop.services.countersigning import Countersigning
from hipss_desktop.services.due_dates import DueDates
from hipss_desktop.services.handovers import Handovers
from hipss_desktop.services.incidents import Incidents
from hipss_desktop.services.missing_guide import MissingGuide
from hipss_desktop.services.night_check import NightChecks
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Store
from hipss_desktop.services.questions import Questions
from hipss_desktop.services.reading_back import ReadingBack
from hipss_desktop.services.records import Records
from hipss_desktop.services.rota import Rota
from hipss_desktop.services.shifts import Shifts
from hipss_desktop.services.sittings import Sittings
from hipss_desktop.services.strain import Strains
from hipss_desktop.services.supervision import Supervision
from hipss_desktop.services.training import Trainings
from hipss_desktop.services.twice_written import TwiceWritten
from hipss_desktop.views.actions import ActionViews
from hipss_desktop.views.alerts import Alerts
from hipss_desktop.views.board import Boards
from hipss_desktop.views.caller_card import CallerCards
from hipss_desktop.views.carer import Households
from hipss_desktop.views.child_card import ChildCards
from hipss_desktop.views.concern import Concerns
from hipss_desktop.views.consultations import ConsultationViews
from hipss_desktop.views.countersigning import CountersigningViews
from hipss_desktop.views.due_dates import DueViews
from hipss_desktop.views.due_now import DueCounts
from hipss_desktop.views.figures import ConsultationTables
from hipss_desktop.views.handovers import HandoverViews
from hipss_desktop.views.incidents import IncidentViews
from hipss_desktop.views.lone_worker import LoneWorkers
from hipss_desktop.views.missing_guide import MissingGuides
from hipss_desktop.views.names import Names
from hipss_desktop.views.night_check import NightCheckViews
from hipss_desktop.views.numbers import HouseholdNumbers
from hipss_desktop.views.palette import Palette
from hipss_desktop.views.record import RecordViews
from hipss_desktop.views.restraints import HoldViews
from hipss_desktop.views.rota import RotaViews
from hipss_desktop.views.signed import SignedViews
from hipss_desktop.views.since import SinceViews
from hipss_desktop.views.strain import StrainViews
from hipss_desktop.views.supervision import VisitViews
from hipss_desktop.views.sync_centre import SyncCentre
from hipss_desktop.views.timeline import Timelines
from hipss_desktop.views.training import TrainingViews
from hipss_desktop.views.undecided import UndecidedAnswers
from hipss_desktop.views.unfinished import UnfinishedViews


class Services:
    """The use cases and views of one signed-in person."""

    def __init__(self, store: Store, clock: times.Clock = times.system_clock) -> None:
        self.store = store
        self.clock = clock
        self.records = Records(store, clock)
        self.questions = Questions(store, clock)
        self.reading_back = ReadingBack(store, self.records, self.questions, clock)
        self.people = People(store)
        self.calls = Calls(self.records, self.people, clock)
        self.clocks = Clocks(store, self.records, clock)
        self.due_dates = DueDates(store, self.people, Trainings(store), clock)
        self.due_views = DueViews(store, self.people, self.due_dates, clock)
        self.training = TrainingViews(self.records, self.people, self.due_dates, self.due_views, clock)
        self.names = Names(store, self.people)
        self.undecided = UndecidedAnswers(store, self.records, self.names, clock)
        self.household_numbers = HouseholdNumbers(self.undecided)
        concerns = Concerns(store, clock)
        self.rota = Rota(self.records, clock)
        self.lone_workers = LoneWorkers(store, self.records, self.people, self.rota, clock)
        self.due_counts = DueCounts(store, self.lone_workers, self.clocks, self.people, self.due_dates, clock)
        self.alerts = Alerts(store, self.records, self.people, clock)
        self.households = Households(store, self.people, self.household_numbers, concerns, clock)
        self.child_cards = ChildCards(
            store, self.people, self.undecided, self.household_numbers, concerns, self.alerts, clock
        )
        self.rota_views = RotaViews(self.rota, self.people, self.clocks, clock)
        self.night_checks = NightChecks(self.records, self.people, self.rota, clock)
        self.night_check_views = NightCheckViews(self.night_checks, self.people, clock)
        self.on_call = Boards(
            store,
            self.people,
            self.rota,
            concerns,
            self.household_numbers,
            self.alerts,
            self.lone_workers,
            self.night_check_views,
            clock,
        )
        self.caller_cards = CallerCards(
            store, self.people, self.households, self.child_cards, self.alerts, self.on_call.backup, clock
        )
        self.sittings = Sittings(store, clock, self.on_call.own_shift_began)
        self.actions = Actions(self.records, clock)
        self.supervision = Supervision(self.records, self.people, clock)
        self.visit_views = VisitViews(store, self.people, self.names, self.supervision, self.training.households, clock)
        self.action_views = ActionViews(
            store, self.people, self.names, self.household_numbers, clock, self.on_call.backup
        )
        self.incidents = Incidents(self.records, clock)
        self.incident_views = IncidentViews(store, self.clocks, self.people, self.names, clock, self.on_call.backup)
        self.hold_views = HoldViews(store, clock)
        self.missing = MissingGuide(self.records, self.people, clock)
        self.missing_guides = MissingGuides(store, self.people, self.missing, clock)
        self.shifts = Shifts(self.records, self.rota, clock)
        self.handovers = Handovers(self.records, self.people, self.actions, self.shifts, self.clocks, clock)
        self.handover_views = HandoverViews(
            store, self.records, self.people, self.handovers, self.clocks, self.names, clock
        )
        self.since = SinceViews(store, self.on_call, self.handover_views, self.sittings, clock)
        self.timelines = Timelines(store, self.records, self.people, self.names, concerns, clock)
        self.strain_views = StrainViews(store, Strains(store, self.people), self.people, clock)
        self.record_views = RecordViews(store, self.records, self.names, self.undecided)
        self.signed_views = SignedViews(store, self.records, self.reading_back)
        self.palette = Palette(store, self.people, self.on_call, self.timelines, self.household_numbers, clock)
        self.countersigning = Countersigning(self.records, clock)
        self.countersigning_views = CountersigningViews(
            store, self.records, self.countersigning, self.clocks, self.names, clock
        )
        self.unfinished = UnfinishedViews(store, self.people, clock)
        self.sync_centre = SyncCentre(store, self.records, self.names, clock)

    def latest(self) -> datetime:
        """The present for times that must have passed: the later of this laptop's clock and the council's."""
        return self.records.council_time.latest()

    @cached_property
    def twice_written(self) -> TwiceWritten:
        """Consultations that two laptops wrote up; made on first use."""
        return TwiceWritten(self.records)

    @cached_property
    def consultation_tables(self) -> ConsultationTables:
        """Consultations by subject and team; made on first use."""
        return ConsultationTables(self.store, self.twice_written)

    @cached_property
    def consultations(self) -> Consultations:
        """The use cases of consultations; made on first use."""
        return Consultations(self.records, self.people, self.clock)

    @cached_property
    def consultation_views(self) -> ConsultationViews:
        """The views of consultations; made on first use."""
        return ConsultationViews(
            self.store, self.people, self.records, self.consultations, self.twice_written, self.names, self.clock
        )
