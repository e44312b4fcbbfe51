"""Aboveboard: a transparency status page from a folder of Markdown.

An hourglass. On the way in, text becomes notices, or problems. The waist is frozen values that know no file and no
clock. On the way out, everything is decided once, for one `now`, and then only printed. In reading order:

    model        the nouns: notices, updates, components; life cycle and severity as tables
    problem      a place and a sentence: the one error that an author sees
    span         half-open stretches of time: union, clip, total
    lazy         lists whose members are made when somebody looks at them
    language     our words in other languages, and how those write dates and numbers
    window       when a maintenance is on, a recurring one counted out
    probe        what monitoring saw, one probe after the other, and when nobody looked

    times        times as people write them
    source       a file as text, its front matter and the line of every key
    chosen       which of a few words is meant
    shape        what may be typed as a value, and the sentence that anything else earns
    settings     everything that a site decides
    options      what mkdocs.yml may say about us
    lines        the lines of a notice's Markdown: fences and headings
    heading      the heading of an update
    mistakes     the mistakes in one file, gathered until all are found
    front        what may stand in the front matter
    division     the Markdown of a notice, divided at the headings of its updates
    updates      the updates of a notice, each of which follows from those before it
    post_mortem  the sections of a post-mortem and the promises in them
    conflicts    what the parts of a notice say against one another
    parse        from all that to a notice, or to all its problems
    translated   the words of a notice in another language
    wording      what a version of a notice's file says: its words, by part
    folder       all files together: ids, links and ends that no file can judge alone
    monitors     what monitoring writes, in each of its forms
    probes       its files, and what they say of each component
    write        the way back: a notice as text
    history      what git can prove about when each word appeared, changed or vanished

    urls         the only speller of public addresses and of feed ids
    uptime       from notices to lost seconds, under three rules
    candour      what can be measured of our candour
    measures     what each incident measures of it, by which evidence, and what they measure together
    target       what is promised of a component's months, and what is left of this one
    index        what can be said of every notice without opening it
    story        a notice, and what is to be said of it
    days         notices by the calendar: on a day, in a month
    archive      history cut into pages, and what else can be chosen there
    standing     how components and groups stand: now, day by day, over each period
    headline     the answer to "is it me or is it you?"
    reckoning    how candid we were, over time
    heard        what customers said, added up
    measured     what monitoring saw beside what notices say, and what nobody posted
    report       everything that any output may say, decided once
    channels     what one can subscribe to, and which notices each channel tells
    coming       what will hold in the next hours if nobody writes
    promised     what became of each promise, and when
    doubts       what does not fit together: told to the writer
    regulators   regulators' clocks, held against when the public was told
    render       words, drawings, bodies, pages, feeds: they print and decide nothing

    memo         what was made from what, kept from one build to the next
    fork         work that two processes share
    rows         what is remembered of the files, and which have changed since
    start        the first moments: what is new is parsed while everything else is imported
    reading      from the folder to the index: what has changed is parsed, the rest is remembered
    publish      from artefacts to files: what has changed is made, the rest stays

    inside       the files in a folder by their paths, of which none leads out of it
    lock         one build of a site at a time
    swap         two folders in each other's places, in one step where the system can
    generation   what tells two generations of a site apart, written down for the next build
    fresh        the next generation of a site, while it is made
    second       a second copy of a site, caught up with the first and looked through
    beside       the folder beside a site: what the next build begins with
    exchange     a folder that takes another's place, whole or not at all

    site         what is made of notices on one site, besides the notices
    moment       the time of a build
    outlets      everything that is published besides pages
    edition      a site in one language, and digests of all that is printed in it
    documents    our pages without the host's frame
    bundling     from pages and outlets to bundles of files
    advice       what a writer should know about what is not wrong
    build        the plot: what is read, what is made of it
    given        what the host gives, kept so that it need not be asked again

    plugin       the door to MkDocs
    host         a whole site, published at once
    server       the site on this machine, built again whenever a file changes
    cli          the command `aboveboard`
    importers    other people's formats, turned into notices
"""

__version__ = "0.1.0"
