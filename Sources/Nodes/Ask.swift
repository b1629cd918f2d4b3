/// Asks a machine where it lies.
///
/// To read from a machine that a class owns copies all of it first, as the class might change it
/// meanwhile: too dear for what is asked in every round.
func ask<Machine, Answer>(
    _ machine: inout Machine, _ question: (inout Machine) -> Answer
) -> Answer {
    question(&machine)
}
